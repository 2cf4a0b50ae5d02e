// SPDX-License-Identifier: Apache-2.0
// Numbers beside the menu's words.
import { signal } from "@preact/signals";
import { list_worklist } from "../api/calls";
import { on_sign_out } from "./session";

export interface Count {
  number: number;
  // There are more than were counted.
  more: boolean;
}

export const worklist_count = signal<Count | null>(null);
// Reports on this device that were not sent yet; src/offline/ keeps it.
export const unsent_count = signal(0);

on_sign_out(() => {
  worklist_count.value = null;
  unsent_count.value = 0;
});

export async function refresh_counts(): Promise<void> {
  try {
    const page = await list_worklist({ limit: 200 });
    worklist_count.value = { number: page.items.length, more: page.next_cursor !== null };
  } catch {
    // The number is a help only; the list itself says what is wrong.
  }
}

export function count_text(count: Count | null): string {
  if (!count || count.number === 0) return "";
  return count.more ? `${count.number}+` : String(count.number);
}
