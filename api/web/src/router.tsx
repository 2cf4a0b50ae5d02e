// SPDX-License-Identifier: Apache-2.0
// Addresses over the history API. A list keeps its filter in the address; going back keeps the place on the page.
import { signal } from "@preact/signals";

export interface Address {
  path: string;
  query: URLSearchParams;
  // Names this entry of the history, so that its place on the page can be found again.
  entry: string;
}

const places = new Map<string, number>();
let counter = 0;

function new_entry(): string {
  return `${Date.now().toString(36)}-${counter++}`;
}

function read_address(): Address {
  const state = history.state as { entry?: string } | null;
  let entry = state?.entry;
  if (!entry) {
    entry = new_entry();
    history.replaceState({ entry }, "");
  }
  return { path: location.pathname, query: new URLSearchParams(location.search), entry };
}

export const address = signal<Address>(read_address());

function leave(): void {
  places.set(address.value.entry, window.scrollY);
}

export function navigate(to: string, options: { replace?: boolean } = {}): void {
  leave();
  if (options.replace) history.replaceState({ entry: address.value.entry }, "", to);
  else history.pushState({ entry: new_entry() }, "", to);
  const before = address.value;
  address.value = read_address();
  if (before.path !== address.value.path) window.scrollTo(0, 0);
}

// Changes some parameters of this address; null takes one away.
export function change_query(changes: Record<string, string | null>, options: { replace?: boolean } = {}): void {
  const query = new URLSearchParams(address.value.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  navigate(address.value.path + (text ? `?${text}` : ""), options);
}

// A screen calls this once what it shows is there: until then the page is too short to scroll.
export function restore_place(): void {
  const place = places.get(address.value.entry);
  if (place !== undefined) requestAnimationFrame(() => window.scrollTo(0, place));
}

function is_plain_click(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

export function start_router(): void {
  history.scrollRestoration = "manual";
  window.addEventListener("popstate", () => {
    leave();
    address.value = read_address();
  });
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || !is_plain_click(event)) return;
    const link = (event.target as Element).closest?.("a");
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (/^\/(api|problems|feeds)\//.test(link.pathname) || link.getAttribute("href")?.startsWith("#")) return;
    event.preventDefault();
    navigate(link.pathname + link.search + link.hash);
  });
}
