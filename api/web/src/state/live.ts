// SPDX-License-Identifier: Apache-2.0
// Tells screens that something changed: by the server's stream of events, and while that is broken by asking again
// now and then.
import { useEffect, useRef } from "preact/hooks";
import { signal } from "@preact/signals";
import type { CaseChange } from "../api/contract";
import { person } from "./session";

type Listener = (changed_case: string | null) => void;

const listeners = new Set<Listener>();
const poll_every = 30_000;
const restart_after = 60_000;
// Many changes come together; a list is read anew for all of them once.
const gather = 300;
const least_between = 3_000;
let source: EventSource | undefined;
let timer: number | undefined;
let restart: number | undefined;

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
    return (JSON.parse(data) as CaseChange).case;
  } catch {
    return null;
  }
}

function start_stream(): void {
  const stream = new EventSource("/api/v1/events/stream");
  source = stream;
  stream.addEventListener("change", (message: MessageEvent<string>) => tell(case_of(message.data)));
  // What was missed meanwhile is not known: everything shown is read anew.
  stream.addEventListener("reset", () => tell(null));
  stream.onopen = () => {
    stop_polling();
    live_by.value = "stream";
  };
  // The browser tries again by itself, unless it was told no; until it succeeds the page asks.
  stream.onerror = () => {
    start_polling();
    if (stream.readyState === EventSource.CLOSED) restart = window.setTimeout(start_live, restart_after);
  };
}

// A page that nobody looks at holds no line: a browser has only six to one server, for all its pages.
export function start_live(): void {
  stop_live();
  if (person.value && document.visibilityState === "visible") start_stream();
}

export function stop_live(): void {
  window.clearTimeout(restart);
  source?.close();
  source = undefined;
  stop_polling();
  live_by.value = "nothing";
}

document.addEventListener("visibilitychange", () => {
  start_live();
  tell(null);
});
window.addEventListener("online", () => tell(null));

// Calls `changed` for this case, or for any.
export function use_live(changed: () => void, only_case?: string): void {
  const latest = useRef(changed);
  latest.current = changed;
  useEffect(() => {
    let pending: number | undefined;
    let last = 0;
    const listener: Listener = (id) => {
      if (pending !== undefined || (only_case && id && id !== only_case)) return;
      pending = window.setTimeout(() => {
        pending = undefined;
        last = Date.now();
        latest.current();
      }, Math.max(gather, last + least_between - Date.now()));
    };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      window.clearTimeout(pending);
    };
  }, [only_case]);
}
