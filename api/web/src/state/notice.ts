// SPDX-License-Identifier: Apache-2.0
// Short words about what just happened. They come besides text that stays on the screen, never instead of it.
import { signal } from "@preact/signals";

export interface Notice {
  id: number;
  text: string;
  kind: "done" | "failed" | "told";
}

export const notices = signal<readonly Notice[]>([]);
let counter = 0;

export function notify(text: string, kind: Notice["kind"] = "done"): void {
  const notice = { id: ++counter, text, kind };
  notices.value = [...notices.value.slice(-2), notice];
  setTimeout(() => dismiss(notice.id), 8000);
}

export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}
