// SPDX-License-Identifier: Apache-2.0
// Distances on the ground, good to a metre or so within a district.
import { t } from "./text";

export interface Point {
  latitude: number;
  longitude: number;
}

export function metres_between(left: Point, right: Point): number {
  const radians = Math.PI / 180;
  const mean = ((left.latitude + right.latitude) / 2) * radians;
  const north = (left.latitude - right.latitude) * radians;
  const east = (left.longitude - right.longitude) * radians * Math.cos(mean);
  return Math.round(6_371_000 * Math.hypot(north, east));
}

export function distance_text(metres: number): string {
  if (metres < 1000) return t("nearby.metres", { count: metres });
  return t("nearby.kilometres", { count: (metres / 1000).toFixed(1) });
}

export function point_of(value: unknown): Point | undefined {
  const place = value as Partial<Point> | null | undefined;
  if (typeof place?.latitude !== "number" || typeof place.longitude !== "number") return undefined;
  return { latitude: place.latitude, longitude: place.longitude };
}

export interface Fix extends Point {
  accuracy: number;
}

// Where the device is; nothing when it does not know, may not say, or takes too long.
export function locate(patience = 15_000): Promise<Fix | undefined> {
  if (!("geolocation" in navigator)) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({
          latitude: Number(coords.latitude.toFixed(6)),
          longitude: Number(coords.longitude.toFixed(6)),
          accuracy: Math.round(coords.accuracy),
        }),
      () => resolve(undefined),
      { enableHighAccuracy: true, timeout: patience, maximumAge: 60_000 },
    );
  });
}
