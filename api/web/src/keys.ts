// SPDX-License-Identifier: Apache-2.0
// Keys of the whole page. Screens add theirs with `use_keys`; single letters can be switched off (WCAG 2.1.4) and are
// never taken while somebody types or a dialog is open.
import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";
import { navigate } from "./router";
import { settings } from "./state/settings";
import { close_popups } from "./parts/top";

export type KeyTable = Record<string, (event: KeyboardEvent) => void>;

export const palette_open = signal(false);
export const key_help_open = signal(false);

const tables: KeyTable[] = [];
let first_of_pair = "";
let pair_timer: number | undefined;

const everywhere: KeyTable = {
  "/": () => document.getElementById("search")?.focus(),
  "?": () => (key_help_open.value = true),
  c: () => navigate("/report"),
  "g i": () => navigate("/worklist"),
  "g d": () => navigate("/"),
  "g l": () => navigate("/ledger"),
  "g b": () => navigate("/board"),
};

function is_typing(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  if (!element?.closest) return false;
  if (element.closest("textarea, select, [contenteditable]")) return true;
  const input = element.closest("input");
  return input !== null && !["checkbox", "radio", "button", "submit"].includes(input.type);
}

function find(name: string): ((event: KeyboardEvent) => void) | undefined {
  for (let index = tables.length - 1; index >= 0; index--) {
    const action = tables[index]![name];
    if (action) return action;
  }
  return everywhere[name];
}

function pressed(event: KeyboardEvent): void {
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    palette_open.value = true;
    return;
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (is_typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") close_popups();
  const single = event.key.length === 1;
  if (single && !settings.value.single_keys) return;
  const name = event.shiftKey && single && /[a-z]/i.test(event.key) ? `Shift+${event.key.toLowerCase()}` : event.key;
  const pair = first_of_pair ? `${first_of_pair} ${name}` : "";
  first_of_pair = "";
  window.clearTimeout(pair_timer);
  const action = (pair && find(pair)) || find(name);
  if (action) {
    // Enter and Space belong to what has the focus.
    if (name === "Enter" && (event.target as Element).closest("a, button, summary, input")) return;
    event.preventDefault();
    action(event);
  } else if (name === "g") {
    first_of_pair = name;
    pair_timer = window.setTimeout(() => (first_of_pair = ""), 1500);
  }
}

export function start_keys(): () => void {
  document.addEventListener("keydown", pressed);
  return () => document.removeEventListener("keydown", pressed);
}

export function use_keys(table: KeyTable): void {
  useEffect(() => {
    tables.push(table);
    return () => {
      tables.splice(tables.indexOf(table), 1);
    };
  });
}
