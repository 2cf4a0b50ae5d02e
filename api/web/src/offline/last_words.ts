// SPDX-License-Identifier: Apache-2.0
// What was typed in the last moment before a page goes away: a database may not finish by then, this does.
import { on_sign_out } from "../state/session";
import type { Report } from "./report";

const place = "bihuan.last_words";

export function keep_last_words(report: Report): void {
  try {
    localStorage.setItem(place, JSON.stringify(report));
  } catch {
    // Then what stands in the database is all there is.
  }
}

export function forget_last_words(): void {
  localStorage.removeItem(place);
}

on_sign_out(forget_last_words);

// The newer of what the database has and what was kept in the last moment.
export function with_last_words(found: Report | undefined, person: string): Report | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(place) ?? "null") as Report | null;
    if (!kept || kept.person !== person) return found;
    if (!found) return kept.photos === 0 ? kept : undefined;
    return kept.id === found.id && kept.changed > found.changed ? { ...kept, photos: found.photos, body: found.body } : found;
  } catch {
    return found;
  }
}
