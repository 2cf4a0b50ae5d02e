// SPDX-License-Identifier: Apache-2.0
// The list somebody came from, so that a case page can go to the one before and the next.
export interface ListContext {
  address: string;
  ids: readonly string[];
}

const place = "bihuan.list";

export function remember_list(context: ListContext): void {
  try {
    sessionStorage.setItem(place, JSON.stringify(context));
  } catch {
    // Then there is no previous and next.
  }
}

export function remembered_list(): ListContext | null {
  try {
    return JSON.parse(sessionStorage.getItem(place) ?? "null") as ListContext | null;
  } catch {
    return null;
  }
}
