// SPDX-License-Identifier: Apache-2.0
// Who is signed in on this page.
import { computed, signal } from "@preact/signals";
import type { Person } from "../api/contract";
import { get_me, sign_out as end_session } from "../api/calls";
import { sign_in_settled } from "../api/client";
import { as_problem } from "../api/problem";
import { brought, take_what_was_brought } from "./provider";

// undefined: not known yet. null: nobody.
export const person = signal<Person | null | undefined>(undefined);

export const roles = computed<ReadonlySet<string>>(() => new Set(person.value?.roles ?? []));

export function has_role(...wanted: string[]): boolean {
  return wanted.some((role) => roles.value.has(role));
}

// The last person seen here, so that the page opens without a network; it shows nothing but what is kept here.
const place = "bihuan.person";

function keep(known: Person | null): void {
  try {
    if (known) localStorage.setItem(place, JSON.stringify(known));
    else localStorage.removeItem(place);
  } catch {
    // Then the page cannot open without a network; nothing else is lost.
  }
}

export function set_person(known: Person | null): void {
  person.value = known;
  keep(known);
}

// Who never signed in here is not asked for: the answer would only be that nobody is. Who did is believed until the
// server says otherwise, so that the page does not wait for it.
export async function find_person(): Promise<void> {
  take_what_was_brought();
  const comes_back = brought.value === "done";
  const kept = localStorage.getItem(place);
  if (!kept && !comes_back) return void (person.value = null);
  // Who comes back from the provider may be somebody else.
  if (kept && !comes_back) person.value ??= JSON.parse(kept) as Person;
  try {
    set_person(await get_me(true));
  } catch (fault) {
    if (as_problem(fault).status !== 401) return;
    set_person(null);
    sign_in_settled(false);
  }
}

// What has to be wiped from this device when somebody signs out: drafts, copies, the shell's cache.
const cleaners: Array<() => Promise<void> | void> = [];

export function on_sign_out(cleaner: () => Promise<void> | void): void {
  cleaners.push(cleaner);
}

export async function sign_out(): Promise<void> {
  try {
    await end_session();
  } catch {
    // Not reached: this device forgets the person all the same, and the session ends by itself.
  }
  for (const clean of cleaners) await clean();
  set_person(null);
}
