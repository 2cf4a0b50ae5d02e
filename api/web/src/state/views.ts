// SPDX-License-Identifier: Apache-2.0
// Saved views of the ledger (a name for an address) and chosen columns; kept on this device by person.
import { signal } from "@preact/signals";
import { person } from "./session";

export interface View {
  name: string;
  address: string;
}

interface Kept {
  views: View[];
  // By workflow; "" for the ledger over all.
  columns: Record<string, string[]>;
}

const changed = signal(0);

function place(): string {
  return `bihuan.ledger.${person.value?.person ?? ""}`;
}

function kept(): Kept {
  void changed.value;
  try {
    return { views: [], columns: {}, ...(JSON.parse(localStorage.getItem(place()) ?? "{}") as Partial<Kept>) };
  } catch {
    return { views: [], columns: {} };
  }
}

function keep(next: Kept): void {
  try {
    localStorage.setItem(place(), JSON.stringify(next));
  } catch {
    // Nothing to keep it in: the address itself still is the view.
  }
  changed.value++;
}

export const saved_views = (): View[] => kept().views;

export function save_view(view: View): void {
  const all = kept();
  keep({ ...all, views: [...all.views.filter((one) => one.name !== view.name), view] });
}

export function drop_view(name: string): void {
  const all = kept();
  keep({ ...all, views: all.views.filter((one) => one.name !== name) });
}

export const chosen_columns = (workflow: string): string[] | undefined => kept().columns[workflow];

export function choose_columns(workflow: string, columns: string[]): void {
  const all = kept();
  keep({ ...all, columns: { ...all.columns, [workflow]: columns } });
}
