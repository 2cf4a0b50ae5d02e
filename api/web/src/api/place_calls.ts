// SPDX-License-Identifier: Apache-2.0
// Cases by where they are.
import type { CaseLine } from "./contract";
import { list_cases } from "./calls";
import type { Asked } from "./client";
import { metres_between, point_of } from "../geo";
import type { Point } from "../geo";

export interface PlacedCase {
  line: CaseLine;
  point: Point;
  // From where it was asked for; nothing when no place was.
  metres?: number;
}

export interface Placed {
  items: PlacedCase[];
  // There are more than were fetched.
  more: boolean;
}

const open_issues = { workflow: "inspection-issue", final: false };
export const most_placed = 200;
export const farthest = 100_000;

async function placed(query: Asked["query"], from: Point | undefined, signal?: AbortSignal): Promise<Placed> {
  const page = await list_cases(query, signal);
  const items = page.items.flatMap((line): PlacedCase[] => {
    const point = point_of(line.fields.place);
    return point ? [{ line, point, metres: from && metres_between(from, point) }] : [];
  });
  return { items, more: page.next_cursor !== null };
}

function circle(at: Point, metres: number): string {
  return [at.latitude, at.longitude, metres].join(",");
}

// The same circle for a whole neighbourhood, so that an answer kept for no network is found again.
export function middle_of_neighbourhood(at: Point): Point {
  const hundredth = (degrees: number) => Number(degrees.toFixed(2));
  return { latitude: hundredth(at.latitude), longitude: hundredth(at.longitude) };
}

// Open issues around a point, nearest first.
export const list_issues_near = (at: Point, metres: number, limit = most_placed, signal?: AbortSignal) =>
  placed({ ...open_issues, near: circle(at, metres), limit }, at, signal);

// Open issues that say where they are, newest first.
export const list_latest_issues = (signal?: AbortSignal) => placed({ ...open_issues, limit: most_placed }, undefined, signal);

// Whatever the caller sees around a point, nearest first.
export const list_cases_near = (at: Point, metres: number, limit: number, signal?: AbortSignal) =>
  placed({ near: circle(at, metres), limit }, at, signal);
