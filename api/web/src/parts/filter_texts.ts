// SPDX-License-Identifier: Apache-2.0
// A ledger's filters in words, for paper: nobody can look at the address there.
import type { Text } from "../api/contract";
import { distance_text } from "../geo";
import { definition_of, unit_title } from "../state/directory";
import { person } from "../state/session";
import { pick, t, t_or } from "../text";
import type { MessageKey } from "../text";
import { sort_title } from "./ledger_sorts";

interface Named {
  title?: Text;
}

function states_text(workflow: string, value: string): string {
  const states: Record<string, Named> = (workflow ? definition_of(workflow)?.states : undefined) ?? {};
  return value.split(",").map((id) => pick(states[id]?.title, id)).join(t("text.and"));
}

function near_text(value: string): string {
  const [latitude, longitude, metres] = value.split(",");
  return t("ledger.around", { at: `${latitude}, ${longitude}`, distance: distance_text(Number(metres)) });
}

const said: Record<string, [title: MessageKey, say: (value: string, workflow: string) => string]> = {
  state: ["column.state", (value, workflow) => states_text(workflow, value)],
  reached: ["ledger.reached", (value, workflow) => states_text(workflow, value)],
  unit: ["ledger.unit", (value) => unit_title(value)],
  light: ["column.light", (value) => t_or(`light.${value}`, value)],
  final: ["ledger.closed", (value) => t(value === "true" ? "ledger.only_closed" : "ledger.only_open")],
  due_before: ["ledger.due_before", (value) => value],
  opened_from: ["ledger.opened_from", (value) => value],
  opened_to: ["ledger.opened_to", (value) => value],
  closed_from: ["ledger.closed_from", (value) => value],
  closed_to: ["ledger.closed_to", (value) => value],
  opener: ["ledger.opener", () => person.value?.full_name ?? ""],
  handled_by: ["ledger.handler", () => person.value?.full_name ?? ""],
  pending: ["ledger.pending", () => t("field.yes")],
  near: ["report.place", near_text],
  q: ["ledger.words", (value) => value],
  sort: ["ledger.sort", (value) => sort_title(value)],
};

// The value of one filter in words; nothing where it has none.
export function filter_value(name: string, value: string, workflow: string): string | undefined {
  return said[name]?.[1](value, workflow);
}

export const filter_names: readonly string[] = Object.keys(said);

export function filter_texts(workflow: string, query: URLSearchParams): string[] {
  return filter_names.flatMap((name) => {
    const value = query.get(name);
    const [title, say] = said[name]!;
    return value ? [t(title) + t("text.colon") + say(value, workflow)] : [];
  });
}
