// SPDX-License-Identifier: Apache-2.0
// Reports and photos on this device. What is not sent survives a closed page, a restart and a sign-out; it is shown to
// nobody but who wrote it.
import { openDB } from "idb";
import type { DBSchema, IDBPDatabase } from "idb";
import { signal } from "@preact/signals";
import { new_key } from "../api/client";
import { unsent_count } from "../state/counts";
import { on_sign_out, person } from "../state/session";
import type { Photo, Report } from "./report";
import { is_empty } from "./report";

interface Shape extends DBSchema {
  reports: { key: string; value: Report; indexes: { person: string } };
  photos: { key: string; value: Photo; indexes: { report: string } };
}

let opened: Promise<IDBPDatabase<Shape>> | undefined;

function database(): Promise<IDBPDatabase<Shape>> {
  opened ??= openDB<Shape>("bihuan-reports", 1, {
    upgrade: (db) => {
      db.createObjectStore("reports", { keyPath: "id" }).createIndex("person", "person");
      db.createObjectStore("photos", { keyPath: "id" }).createIndex("report", "report");
    },
  });
  return opened;
}

// What this person has on this device, newest first.
export const reports = signal<readonly Report[]>([]);
// The one that stands in the form now; it is not counted as left behind.
export const in_form = signal<string | null>(null);

function count(): void {
  const left = reports.value.filter((one) => one.state !== "sent" && one.id !== in_form.value && !is_empty(one));
  unsent_count.value = left.length;
}

in_form.subscribe(count);

export async function refresh_reports(): Promise<void> {
  const known = person.value?.person;
  try {
    const all = known ? await (await database()).getAllFromIndex("reports", "person", known) : [];
    reports.value = all.sort((left, right) => right.created.localeCompare(left.created));
  } catch {
    reports.value = [];
  }
  count();
}

export function new_report(): Report {
  const now = new Date().toISOString();
  const id = new_key();
  return {
    id, key: id, person: person.value?.person ?? "", state: "draft", aside: false, created: now, changed: now, problem: "",
    keep_original: false, photos: 0, tries: 0,
  };
}

export async function find_report(id: string): Promise<Report | undefined> {
  const found = await (await database()).get("reports", id);
  return found?.person === person.value?.person ? found : undefined;
}

export async function put_report(report: Report): Promise<void> {
  await (await database()).put("reports", report);
  await refresh_reports();
}

// Changes what is stored, so that two who write (the form, the outbox) do not undo each other.
export async function change_report(id: string, changed: Partial<Report>): Promise<Report | undefined> {
  const transaction = (await database()).transaction("reports", "readwrite");
  const found = await transaction.store.get(id);
  const next = found && { ...found, ...changed };
  if (next) await transaction.store.put(next);
  await transaction.done;
  await refresh_reports();
  return next;
}

export async function list_photos(report: string): Promise<Photo[]> {
  const found = await (await database()).getAllFromIndex("photos", "report", report);
  return found.sort((left, right) => left.id.localeCompare(right.id));
}

export async function put_photo(photo: Photo): Promise<void> {
  await (await database()).put("photos", photo);
}

export async function drop_photo(id: string): Promise<void> {
  await (await database()).delete("photos", id);
}

export async function drop_report(id: string): Promise<void> {
  const transaction = (await database()).transaction(["reports", "photos"], "readwrite");
  await transaction.objectStore("reports").delete(id);
  const photos = transaction.objectStore("photos");
  for (const key of await photos.index("report").getAllKeys(id)) await photos.delete(key);
  await transaction.done;
  await refresh_reports();
}

// The report and its photos in one transaction: either the copy here is whole, or it is gone because the server has it.
export async function settle_report(report: Report): Promise<void> {
  const transaction = (await database()).transaction(["reports", "photos"], "readwrite");
  await transaction.objectStore("reports").put(report);
  const photos = transaction.objectStore("photos");
  for (const key of await photos.index("report").getAllKeys(report.id)) await photos.delete(key);
  await transaction.done;
  await refresh_reports();
}

// Signing out takes away what the server has anyway. What it does not have stays for who wrote it: evidence is not
// thrown away because somebody hands the phone on.
on_sign_out(async () => {
  in_form.value = null;
  try {
    for (const report of reports.value) if (report.state === "sent" || is_empty(report)) await drop_report(report.id);
  } catch {
    // Without a database there is nothing to take away.
  }
  reports.value = [];
});
