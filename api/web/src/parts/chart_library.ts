// SPDX-License-Identifier: Apache-2.0
// Of echarts only what is drawn here.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as core from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

core.use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

export type ChartOption = core.EChartsCoreOption;

export interface DrawnChart {
  setOption: (option: ChartOption, anew: boolean) => void;
  resize: () => void;
  dispose: () => void;
  on: (event: "click", heard: (event: { seriesIndex?: number; dataIndex: number }) => void) => void;
}

export function start_chart(element: HTMLElement): DrawnChart {
  return core.init(element, undefined, { renderer: "canvas" }) as unknown as DrawnChart;
}
