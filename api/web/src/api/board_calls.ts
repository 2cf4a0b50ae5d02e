// SPDX-License-Identifier: Apache-2.0
import { list_cases } from "./calls";
import { get } from "./client";
import type { CaseLine, Flow, Insight, Reached } from "./contract";
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

export const get_reached = (workflow: string, signal?: AbortSignal) =>
  get<Reached>(`/api/v1/reports/reached/${encodeURIComponent(workflow)}`, undefined, signal);

export const get_insight = (workflow: string, signal?: AbortSignal) =>
  get<Insight>(`/api/v1/reports/insight/${encodeURIComponent(workflow)}`, undefined, signal);

export interface Week {
  // Its Monday and its Sunday.
  from: string;
  to: string;
  opened: number;
  closed: number;
}

const day = 86_400_000;

function noon_of(date: string): number {
  return Date.parse(`${date}T12:00:00+08:00`);
}

export async function load_weeks(workflow: string, signal?: AbortSignal): Promise<Week[]> {
  const query = { workflow: workflow || undefined, weeks: 12 };
  const flow = await get<Flow>("/api/v1/reports/flow", query, signal);
  return flow.weeks.map((week): Week => {
    const from = date_of(week.from);
    return { from, to: date_of(new Date(noon_of(from) + 6 * day)), opened: week.opened, closed: week.closed };
  });
}
