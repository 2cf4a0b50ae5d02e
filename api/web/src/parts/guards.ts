// SPDX-License-Identifier: Apache-2.0
// Says beforehand, as a form is filled, which guards would hold. Only a help: the server decides.
import type { Case } from "../api/contract";
import type { ActionRule, Definition } from "../api/definition";
import { filled_values } from "../api/schema";
import type { Values } from "../api/schema";
import { person } from "../state/session";
import { date_time_of, today } from "../time";
import type { GivenDocuments } from "./documents_field";

export interface GuardState {
  id: string;
  holds: boolean;
}

// The page cannot know these: they are counted from the history.
const unknown_here = /^(case\.(visits|last|opener_unit)|links|link)\b/;

interface Read {
  path: string;
  has_default: boolean;
}

function reads_of(rule: unknown): Read[] {
  if (Array.isArray(rule)) return rule.flatMap(reads_of);
  if (typeof rule !== "object" || rule === null) return [];
  return Object.entries(rule).flatMap(([operator, operands]) => {
    if (operator !== "var") return reads_of(operands);
    const list = Array.isArray(operands) ? operands : [operands];
    return typeof list[0] === "string" ? [{ path: list[0], has_default: list.length > 1 }] : [];
  });
}

function value_at(data: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>(
    (inner, name) => (typeof inner === "object" && inner !== null ? (inner as Values)[name] : undefined),
    data,
  );
}

// As the engine writes instants: rules compare them as texts.
function utc(instant: number): string {
  return new Date(instant).toISOString().replace(/\.\d+Z$/, "Z");
}

// A guard's text with the times that it names, {deadlines.public-notice.over} for example.
export function with_times(text: string, data: Values): string {
  return text.replace(/\{([^}]*)\}/g, (_, path: string) => {
    const value = value_at(data, path);
    if (typeof value !== "string") return "—";
    return value.includes("T") ? date_time_of(value).replace(" 00:00", "") : value;
  });
}

export function data_for_guards(subject: Case, input: Values, documents: GivenDocuments): Values {
  const filled = filled_values(input);
  const counts: Record<string, { count: number }> = {};
  for (const source of [subject.documents, documents]) {
    for (const [kind, given] of Object.entries(source)) {
      counts[kind] = { count: (counts[kind]?.count ?? 0) + given.length };
    }
  }
  const now = Date.now();
  const deadlines = Object.fromEntries(subject.deadlines.map((deadline) => [deadline.name, {
    running: deadline.state === "running",
    paused: deadline.state === "paused",
    overdue: deadline.state === "running" && Date.parse(deadline.due) < now,
    due: utc(Date.parse(deadline.due)),
    over: utc(Date.parse(deadline.due) + 1000),
    cycle: deadline.cycle,
    extensions: deadline.extensions.length,
  }]));
  const parties = Object.fromEntries(
    Object.entries(subject.parties).map(([part, holders]) => [part, holders.map((holder) => holder.unit)]));
  return {
    case: {
      fields: { ...subject.fields, ...filled }, state: subject.state, number: subject.number, title: subject.title,
      opened: subject.opened, parties,
    },
    input: filled, documents: counts, deadlines, today: today(), now: utc(now),
    actor: { person: person.value?.person, unit: person.value?.unit, roles: person.value?.roles ?? [] },
  };
}

export async function check_guards(definition: Definition, rule: ActionRule, data: Values): Promise<GuardState[]> {
  if (!rule.guards || rule.guards.length === 0) return [];
  const { default: logic } = await import("json-logic-js");
  return rule.guards.flatMap((id) => {
    const guard = definition.guards[id];
    if (!guard) return [];
    const reads = reads_of(guard.rule);
    if (reads.some((read) => unknown_here.test(read.path))) return [];
    // The engine's own rule around JSON Logic: what is missing fails the guard.
    const missing = reads.some((read) => {
      if (read.has_default || read.path === "") return false;
      if (/^documents\.[^.]+\.count$/.test(read.path)) return false;
      const value = value_at(data, read.path);
      return value === undefined || value === null;
    });
    if (missing) return [{ id, holds: false }];
    try {
      return [{ id, holds: logic.truthy(logic.apply(guard.rule as Parameters<typeof logic.apply>[0], data)) }];
    } catch {
      return [];
    }
  });
}
