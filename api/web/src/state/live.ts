// SPDX-License-Identifier: Apache-2.0
// Tells screens that something changed: by the server's event stream where it has one, otherwise by asking again now
// and then while the page is looked at.
import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";
import { offers } from "../api/calls";
import { person } from "./session";

type Listener = (changed_case: string | null) => void;

const listeners = new Set<Listener>();
const poll_every = 30_000;
let source: EventSource | undefined;
let timer: number | undefined;

// How the page learns of changes now; shown in the help screen.
export const live_by = signal<"stream" | "polling" | "nothing">("nothing");

function tell(changed_case: string | null): void {
  if (document.visibilityState !== "visible") return;
  for (const listener of listeners) listener(changed_case);
}

function start_polling(): void {
  if (timer !== undefined) return;
  live_by.value = "polling";
  timer = window.setInterval(() => tell(null), poll_every);
}

function stop_polling(): void {
  window.clearInterval(timer);
  timer = undefined;
}

function case_of(data: string): string | null {
  try {
    const event = JSON.parse(data) as { case?: string; subject?: string };
    return event.case ?? event.subject ?? null;
  } catch {
    return null;
  }
}

function start_stream(): void {
  source = new EventSource("/api/v1/events/stream");
  const heard = (message: MessageEvent<string>) => tell(case_of(message.data));
  source.onmessage = heard;
  for (const kind of ["case", "changed", "event", "case_changed"]) source.addEventListener(kind, heard as EventListener);
  source.onopen = () => {
    stop_polling();
    live_by.value = "stream";
  };
  // The browser tries again by itself; until it succeeds the page asks.
  source.onerror = () => start_polling();
}

export function start_live(): void {
  stop_live();
  if (!person.value) return;
  if (offers("GET /api/v1/events/stream") && typeof EventSource !== "undefined") start_stream();
  else start_polling();
}

export function stop_live(): void {
  source?.close();
  source = undefined;
  stop_polling();
  live_by.value = "nothing";
}

document.addEventListener("visibilitychange", () => tell(null));
window.addEventListener("online", () => tell(null));

// Calls `changed` for this case, or for any.
export function use_live(changed: () => void, only_case?: string): void {
  useEffect(() => {
    let pending: number | undefined;
    const listener: Listener = (id) => {
      if (only_case && id && id !== only_case) return;
      window.clearTimeout(pending);
      pending = window.setTimeout(changed, 300);
    };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      window.clearTimeout(pending);
    };
  });
}
