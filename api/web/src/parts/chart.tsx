// SPDX-License-Identifier: Apache-2.0
// A drawing of numbers that stand in a table beside it. The library is fetched when one is shown.
import { useEffect, useRef } from "preact/hooks";
import { phone } from "../state/screen_size";
import { settings } from "../state/settings";
import type { ChartOption, DrawnChart } from "./chart_library";

export interface ChartProps {
  label: string;
  height?: number;
  // Made with the page's own colours, which differ between light and dark.
  option: (colour: (name: string) => string) => ChartOption;
  // A press on a series at a place of the axis.
  choose?: (series: number, index: number) => void;
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function Chart(props: ChartProps) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<DrawnChart | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const look = `${settings.value.theme}/${settings.value.text_step}/${phone.value}`;
  const draw = () => chart.current?.setOption(latest.current.option(colour), true);
  useEffect(() => {
    let gone = false;
    const resized = () => chart.current?.resize();
    const scheme = window.matchMedia("(prefers-color-scheme: dark)");
    void import("./chart_library").then(({ start_chart }) => {
      if (gone || !element.current) return;
      chart.current = start_chart(element.current);
      chart.current.on("click", (event) => latest.current.choose?.(event.seriesIndex ?? 0, event.dataIndex));
      draw();
    });
    window.addEventListener("resize", resized);
    scheme.addEventListener("change", draw);
    return () => {
      gone = true;
      window.removeEventListener("resize", resized);
      scheme.removeEventListener("change", draw);
      chart.current?.dispose();
      chart.current = undefined;
    };
  }, []);
  useEffect(() => {
    draw();
  }, [look, props.option]);
  return <div ref={element} class="chart" style={{ height: `${props.height ?? 220}px` }} role="img" aria-label={props.label} />;
}
