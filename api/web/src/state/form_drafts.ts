// SPDX-License-Identifier: Apache-2.0
// What somebody typed into a form and has not sent. Kept on this device by person and form, so that neither a closed
// page nor an expired session loses it; gone once it was sent, or at sign-out.
import { openDB } from "idb";
import type { DBSchema, IDBPDatabase } from "idb";
import { useEffect, useRef, useState } from "preact/hooks";
import { on_sign_out, person } from "./session";

interface Kept {
  value: unknown;
  saved: string;
}

interface Shape extends DBSchema {
  forms: { key: string; value: Kept };
}

let opened: Promise<IDBPDatabase<Shape>> | undefined;

function database(): Promise<IDBPDatabase<Shape>> {
  opened ??= openDB<Shape>("bihuan-forms", 1, { upgrade: (db) => void db.createObjectStore("forms") });
  return opened;
}

function key_of(form: string): string {
  return `${person.value?.person ?? ""}/${form}`;
}

async function read(form: string): Promise<Kept | undefined> {
  try {
    return await (await database()).get("forms", key_of(form));
  } catch {
    return undefined;
  }
}

async function write(form: string, value: unknown): Promise<string | null> {
  const saved = new Date().toISOString();
  try {
    await (await database()).put("forms", { value, saved }, key_of(form));
    return saved;
  } catch {
    return null;
  }
}

export async function drop_form_draft(form: string): Promise<void> {
  try {
    await (await database()).delete("forms", key_of(form));
  } catch {
    // Without a database there was nothing to drop.
  }
}

on_sign_out(async () => {
  try {
    await (await database()).clear("forms");
  } catch {
    // As above.
  }
});

export interface FormDraft<Value> {
  // undefined until it is known whether something was kept.
  value: Value | undefined;
  // Takes what is there now to what shall be: something slow (an upload, a position) must not undo what was typed since.
  change: (update: (was: Value) => Value) => void;
  // When it was last kept on this device; null: it cannot be kept here.
  saved: string | null | undefined;
  restored: boolean;
  // This with what was changed before it was known whether something was kept.
  over: (kept: Value) => Value;
  drop: () => Promise<void>;
  // Begins anew with this, and keeps nothing until something is typed.
  restart: (value: Value) => void;
}

const wait_before_saving = 400;

export function use_form_draft<Value>(form: string, initial: () => Value): FormDraft<Value> {
  const [value, set_value] = useState<Value | undefined>(undefined);
  const [saved, set_saved] = useState<string | null | undefined>(undefined);
  const [restored, set_restored] = useState(false);
  const timer = useRef<number | undefined>(undefined);
  const unsaved = useRef<{ value: Value } | null>(null);
  const latest = useRef<Value | undefined>(undefined);
  // What was changed before it was known whether something was kept: it goes over what was.
  const early = useRef<((was: Value) => Value)[]>([]);
  const [, set_turn] = useState(0);
  const over = (kept: Value) => early.current.reduce((was, update) => update(was), kept);

  const save_now = () => {
    window.clearTimeout(timer.current);
    const waiting = unsaved.current;
    unsaved.current = null;
    if (waiting) void write(form, waiting.value).then(set_saved);
  };

  const take = (next: Value) => {
    latest.current = next;
    set_value(next);
    unsaved.current = { value: next };
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(save_now, wait_before_saving);
  };

  useEffect(() => {
    let gone = false;
    void read(form).then((kept) => {
      if (gone || latest.current !== undefined) return;
      latest.current = kept ? (kept.value as Value) : initial();
      set_value(latest.current);
      set_saved(kept?.saved);
      set_restored(kept !== undefined);
      if (early.current.length > 0) take(over(latest.current));
    });
    const hidden = () => document.visibilityState === "hidden" && save_now();
    document.addEventListener("visibilitychange", hidden);
    return () => {
      gone = true;
      document.removeEventListener("visibilitychange", hidden);
      save_now();
      // What comes is another form, and nothing of this one is that one's.
      latest.current = undefined;
      early.current = [];
      set_value(undefined);
    };
  }, [form]);

  const drop = async () => {
    window.clearTimeout(timer.current);
    unsaved.current = null;
    early.current = [];
    set_saved(undefined);
    set_restored(false);
    await drop_form_draft(form);
  };

  return {
    value,
    saved,
    restored,
    over,
    drop,
    restart: (anew) => {
      latest.current = anew;
      set_value(anew);
      void drop();
    },
    change: (update) => {
      if (latest.current !== undefined) return take(update(latest.current));
      early.current.push(update);
      set_turn((turn) => turn + 1);
    },
  };
}

// The same for a form of a few inputs, which shows what it begins with and takes what is typed until it is known
// whether something was kept.
export function use_kept_form<Form extends object>(form: string, initial: Form) {
  const draft = use_form_draft<Form>(form, () => initial);
  return {
    draft,
    value: draft.value ?? draft.over(initial),
    set: (changes: Partial<Form>) => draft.change((was) => ({ ...was, ...changes })),
    discard: () => draft.restart(initial),
  };
}
