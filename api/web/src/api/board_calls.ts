// SPDX-License-Identifier: Apache-2.0
import { list_cases } from "./calls";
import type { CaseLine } from "./contract";
import { date_of } from "../time";

const page_size = 200;
const most_pages = 10;

// All pages of a list, up to a bound; `whole` says whether that was all.
export async function list_all(
  query: Record<string, string | number | boolean | undefined>, signal?: AbortSignal,
): Promise<{ items: CaseLine[]; whole: boolean }> {
  const items: CaseLine[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < most_pages; page++) {
    const answer = await list_cases({ ...query, limit: page_size, cursor }, signal);
    items.push(...answer.items);
    if (!answer.next_cursor) return { items, whole: true };
    cursor = answer.next_cursor;
  }
  return { items, whole: false };
}

export interface Week {
  // Its Monday, and the Monday after it.
  from: string;
  to: string;
  opened: number;
  // Of those opened in this week, how many are closed by now.
  closed: number;
}

export interface Weeks {
  weeks: Week[];
  whole: boolean;
}

const day = 86_400_000;

function noon_of(date: string): number {
  return Date.parse(`${date}T12:00:00+08:00`);
}

export function mondays(count: number, now: Date = new Date()): string[] {
  const noon = noon_of(date_of(now));
  // At noon in the district it is the same day in UTC.
  const since_monday = (new Date(noon).getUTCDay() + 6) % 7;
  const last = noon - since_monday * day;
  return Array.from({ length: count + 1 }, (_, index) => date_of(new Date(last - (count - 1 - index) * 7 * day)));
}

export async function load_weeks(workflow: string, signal?: AbortSignal): Promise<Weeks> {
  const starts = mondays(12);
  const { items, whole } = await list_all({ workflow: workflow || undefined, opened_from: starts[0], opened_to: starts[12] }, signal);
  const weeks = starts.slice(0, 12).map((from, index): Week => {
    const to = starts[index + 1]!;
    const opened = items.filter((line) => date_of(line.opened) >= from && date_of(line.opened) < to);
    return { from, to, opened: opened.length, closed: opened.filter((line) => line.final).length };
  });
  return { weeks, whole };
}
