// SPDX-License-Identifier: Apache-2.0
// A map without tiles: a grid of kilometres, where the device is, and points. What it shows stands in a list beside it;
// what it lets one choose can be typed as well.
import { useEffect, useRef } from "preact/hooks";
import type * as Leaflet from "leaflet";
import type { Light } from "../api/contract";
import type { Point } from "../geo";
import { settings } from "../state/settings";
import { t } from "../text";

export interface MapPoint extends Point {
  id: string;
  title: string;
  light: Light;
}

interface PlaceMapProps {
  label: string;
  here?: Point & { accuracy?: number };
  points?: readonly MapPoint[];
  chosen?: Point;
  choose?: (point: Point) => void;
  open?: (id: string) => void;
}

const middle_of_district: Point = { latitude: 29.402, longitude: 106.54 };

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// Lines a hundredth of a degree apart: about a kilometre.
function draw_grid(leaflet: typeof Leaflet, layer: Leaflet.LayerGroup, map: Leaflet.Map): void {
  layer.clearLayers();
  const bounds = map.getBounds().pad(0.2);
  const span = Math.max(bounds.getNorth() - bounds.getSouth(), bounds.getEast() - bounds.getWest());
  const step = span > 0.6 ? 0.1 : span > 0.04 ? 0.01 : 0.001;
  const style = { color: colour("--line"), weight: 1, interactive: false };
  const line = (from: [number, number], to: [number, number]) => leaflet.polyline([from, to], style).addTo(layer);
  for (let at = Math.floor(bounds.getSouth() / step) * step; at < bounds.getNorth(); at += step) {
    line([at, bounds.getWest()], [at, bounds.getEast()]);
  }
  for (let at = Math.floor(bounds.getWest() / step) * step; at < bounds.getEast(); at += step) {
    line([bounds.getSouth(), at], [bounds.getNorth(), at]);
  }
}

function draw_points(leaflet: typeof Leaflet, layer: Leaflet.LayerGroup, props: PlaceMapProps): void {
  layer.clearLayers();
  const { here, points = [], chosen } = props;
  if (here) {
    const at: [number, number] = [here.latitude, here.longitude];
    if (here.accuracy) {
      leaflet.circle(at, { radius: here.accuracy, color: colour("--accent"), weight: 1, fillOpacity: 0.1, interactive: false }).addTo(layer);
    }
    leaflet.circleMarker(at, { radius: 6, color: colour("--surface"), weight: 2, fillColor: colour("--accent"), fillOpacity: 1 })
      .bindTooltip(t("nearby.here")).addTo(layer);
  }
  for (const point of points) {
    leaflet.circleMarker([point.latitude, point.longitude], {
      radius: 8, weight: 2, color: colour(`--${point.light}`), fillColor: colour(`--${point.light}-tint`), fillOpacity: 0.9,
    }).bindTooltip(document.createTextNode(point.title) as unknown as HTMLElement)
      .on("click", () => props.open?.(point.id)).addTo(layer);
  }
  if (chosen) {
    leaflet.circleMarker([chosen.latitude, chosen.longitude], { radius: 10, weight: 4, color: colour("--danger"), fill: false, interactive: false })
      .addTo(layer);
  }
}

export function PlaceMap(props: PlaceMapProps) {
  const element = useRef<HTMLDivElement>(null);
  const made = useRef<{ leaflet: typeof Leaflet; map: Leaflet.Map; marks: Leaflet.LayerGroup } | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const theme = settings.value.theme;

  useEffect(() => {
    let gone = false;
    void import("leaflet").then((module) => {
      if (gone || !element.current) return;
      const leaflet = ((module as { default?: typeof Leaflet }).default ?? module) as typeof Leaflet;
      const centre = props.chosen ?? props.here ?? props.points?.[0] ?? middle_of_district;
      const map = leaflet.map(element.current, { attributionControl: false, zoomControl: false, maxZoom: 18, minZoom: 8 })
        .setView([centre.latitude, centre.longitude], 13);
      const [first, ...others] = props.points ?? [];
      if (first && others.length > 0 && !props.choose) {
        const bounds = leaflet.latLngBounds([[first.latitude, first.longitude], ...others.map((point): [number, number] => [point.latitude, point.longitude])]);
        map.fitBounds(bounds.pad(0.1), { maxZoom: 14 });
      }
      leaflet.control.zoom({ zoomInTitle: t("nearby.zoom_in"), zoomOutTitle: t("nearby.zoom_out") }).addTo(map);
      leaflet.control.scale({ imperial: false }).addTo(map);
      const grid = leaflet.layerGroup().addTo(map);
      const marks = leaflet.layerGroup().addTo(map);
      const redraw = () => draw_grid(leaflet, grid, map);
      map.on("moveend", redraw);
      map.on("click", (event: Leaflet.LeafletMouseEvent) =>
        latest.current.choose?.({ latitude: Number(event.latlng.lat.toFixed(6)), longitude: Number(event.latlng.lng.toFixed(6)) }));
      redraw();
      draw_points(leaflet, marks, latest.current);
      made.current = { leaflet, map, marks };
    });
    return () => {
      gone = true;
      made.current?.map.remove();
      made.current = undefined;
    };
  }, [theme]);

  useEffect(() => {
    if (made.current) draw_points(made.current.leaflet, made.current.marks, props);
  });

  const here = `${props.here?.latitude},${props.here?.longitude}`;
  useEffect(() => {
    if (props.here && made.current) made.current.map.setView([props.here.latitude, props.here.longitude]);
  }, [here]);

  return <div ref={element} class="map" role="application" aria-label={props.label} />;
}
