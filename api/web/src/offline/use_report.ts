// SPDX-License-Identifier: Apache-2.0
// One report in the form: kept on the device with every change, whatever happens to the page.
import { useEffect, useRef, useState } from "preact/hooks";
import { ask_to_keep } from "./start";
import { person } from "../state/session";
import { forget_last_words, keep_last_words, with_last_words } from "./last_words";
import { take_photo } from "./photos";
import { is_empty, most_photos } from "./report";
import type { Photo, Report } from "./report";
import { drop_photo, find_report, in_form, list_photos, new_report, put_photo, put_report, refresh_reports, reports } from "./store";

export interface ReportForm {
  report: Report | undefined;
  photos: readonly Photo[];
  // How many photos are being taken in.
  taking: number;
  saved: string | null | undefined;
  change: (changed: Partial<Report> | ((was: Report) => Partial<Report>)) => void;
  add_photos: (files: readonly File[]) => Promise<void>;
  remove_photo: (id: string) => Promise<void>;
  // Writes what is not written yet; the report as it is now.
  settle: () => Promise<Report>;
}

const wait_before_saving = 250;

async function wanted_report(id: string | null): Promise<Report> {
  await refresh_reports();
  if (id) {
    const found = await find_report(id);
    if (found && !found.body && found.state !== "sent") return with_last_words(found, found.person) ?? found;
  }
  const begun = reports.value.find((one) => one.state === "draft" && !one.aside);
  return with_last_words(begun, person.value?.person ?? "") ?? new_report();
}

export function use_report(id: string | null): ReportForm {
  const [report, set_report] = useState<Report | undefined>(undefined);
  const [photos, set_photos] = useState<readonly Photo[]>([]);
  const [taking, set_taking] = useState(0);
  const [saved, set_saved] = useState<string | null | undefined>(undefined);
  const latest = useRef<Report | undefined>(undefined);
  const unsaved = useRef(false);
  const timer = useRef<number | undefined>(undefined);
  const closed = useRef(false);

  const save = async (): Promise<void> => {
    window.clearTimeout(timer.current);
    const known = latest.current;
    if (!known || !unsaved.current || closed.current) return;
    if (is_empty(known) && saved === undefined) {
      unsaved.current = false;
      return;
    }
    try {
      await put_report(known);
      // Only now: a page that goes away while the database writes keeps it as its last words.
      if (latest.current === known) {
        unsaved.current = false;
        forget_last_words();
      }
      set_saved(known.changed);
    } catch {
      set_saved(null);
    }
  };

  useEffect(() => {
    let gone = false;
    closed.current = false;
    void wanted_report(id).catch(() => new_report()).then(async (found) => {
      const kept = await list_photos(found.id).catch(() => []);
      if (gone) return;
      // What waited, was put aside or refused is being worked on again: the outbox leaves it alone meanwhile.
      const opened: Report = { ...found, state: "draft", aside: false };
      if (found.state !== "draft" || found.aside) await put_report(opened).catch(() => undefined);
      latest.current = opened;
      in_form.value = opened.id;
      set_report(opened);
      set_photos(kept);
      if (!is_empty(found)) set_saved(found.changed);
    });
    const leaving = () => {
      if (unsaved.current && latest.current && !closed.current) keep_last_words(latest.current);
      void save();
    };
    const hidden = () => document.visibilityState === "hidden" && leaving();
    document.addEventListener("visibilitychange", hidden);
    window.addEventListener("pagehide", leaving);
    return () => {
      gone = true;
      document.removeEventListener("visibilitychange", hidden);
      window.removeEventListener("pagehide", leaving);
      void save();
      in_form.value = null;
    };
  }, [id]);

  const change: ReportForm["change"] = (changed) => {
    const known = latest.current;
    if (!known) return;
    const next = { ...known, ...(typeof changed === "function" ? changed(known) : changed), changed: new Date().toISOString() };
    latest.current = next;
    unsaved.current = true;
    set_report(next);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => void save(), wait_before_saving);
  };

  const show_photos = async (): Promise<void> => {
    const known = latest.current;
    if (!known) return;
    const kept = await list_photos(known.id);
    set_photos(kept);
    change({ photos: kept.length });
    await save();
  };

  return {
    report,
    photos,
    taking,
    saved,
    change,
    add_photos: async (files) => {
      const known = latest.current;
      if (!known) return;
      void ask_to_keep();
      const fit = files.slice(0, Math.max(0, most_photos - photos.length));
      set_taking((count) => count + fit.length);
      const before = new Set(photos.map((photo) => photo.sha256));
      for (const file of fit) {
        try {
          const photo = await take_photo(known.id, file, known.keep_original);
          // The same picture twice is one document to the server.
          if (!before.has(photo.sha256)) await put_photo(photo);
          before.add(photo.sha256);
          const place = photo.place;
          if (place) change((was) => (was.place ? {} : { place }));
        } catch {
          set_saved(null);
        }
        set_taking((count) => count - 1);
        await show_photos().catch(() => set_saved(null));
      }
    },
    remove_photo: async (photo) => {
      await drop_photo(photo);
      await show_photos();
    },
    settle: async () => {
      await save();
      closed.current = true;
      forget_last_words();
      return latest.current!;
    },
  };
}
