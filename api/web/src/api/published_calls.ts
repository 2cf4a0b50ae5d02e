// SPDX-License-Identifier: Apache-2.0
// What a workflow publishes for everybody.
import { get } from "./client";
import type { Published, PublishedPage } from "./contract";

export type PublishedList = Omit<PublishedPage, "items"> & { items: Published[] };

export async function load_published(workflow: string, signal?: AbortSignal): Promise<PublishedList> {
  const path = `/api/v1/public/${encodeURIComponent(workflow)}`;
  const list = await get<PublishedList>(path, { limit: 200 }, signal);
  while (list.next_cursor) {
    const next = await get<PublishedList>(path, { limit: 200, cursor: list.next_cursor }, signal);
    list.items.push(...next.items);
    list.next_cursor = next.next_cursor;
  }
  return list;
}
