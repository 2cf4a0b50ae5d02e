// SPDX-License-Identifier: Apache-2.0
// Numbers beside the menu's words.
import { signal } from "@preact/signals";
import { list_worklist } from "../api/calls";
import { on_sign_out } from "./session";

export const worklist_count = signal(0);
// Reports on this device that were not sent yet; src/offline/ keeps it.
export const unsent_count = signal(0);

on_sign_out(() => {
  worklist_count.value = 0;
  unsent_count.value = 0;
});

export async function refresh_counts(): Promise<void> {
  try {
    worklist_count.value = (await list_worklist({ limit: 1, count: "exact" })).total ?? 0;
  } catch {
    // The number is a help only; the list itself says what is wrong.
  }
}

export function count_text(count: number): string {
  return count > 0 ? String(count) : "";
}
