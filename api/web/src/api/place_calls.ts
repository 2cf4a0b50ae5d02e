// SPDX-License-Identifier: Apache-2.0
import type { CaseLine } from "./contract";
import { list_cases } from "./calls";
import { metres_between, point_of } from "../geo";
import type { Point } from "../geo";

export interface PlacedCase {
  line: CaseLine;
  point: Point;
}

const page_size = 200;
const most_pages = 5;

// Open issues that say where they are. The server does not search by place, so they are all asked for, and sorted here.
export async function list_placed_issues(signal?: AbortSignal): Promise<PlacedCase[]> {
  const found: PlacedCase[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < most_pages; page++) {
    const answer = await list_cases({ workflow: "inspection-issue", final: false, limit: page_size, cursor }, signal);
    for (const line of answer.items) {
      const point = point_of(line.fields.place);
      if (point) found.push({ line, point });
    }
    if (!answer.next_cursor) break;
    cursor = answer.next_cursor;
  }
  return found;
}

export function by_distance(cases: readonly PlacedCase[], from: Point): Array<PlacedCase & { metres: number }> {
  return cases
    .map((one) => ({ ...one, metres: metres_between(from, one.point) }))
    .sort((left, right) => left.metres - right.metres);
}
