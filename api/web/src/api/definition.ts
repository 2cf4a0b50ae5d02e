// SPDX-License-Identifier: Apache-2.0
// What the page reads of a workflow's definition (workflows/README.md says it whole).
import type { Text } from "./contract";

export interface FieldRule {
  type:
    | "text" | "number" | "money" | "date" | "instant" | "choice" | "yes_no" | "unit" | "person" | "place" | "case_ref";
  title: Text;
  help?: Text;
  choices?: Record<string, Text>;
  max_length?: number;
  personal?: boolean;
  list?: boolean;
}

export interface DocumentRule {
  title: Text;
  accept?: string[];
}

export interface PartyRule {
  title: Text;
  unit_kinds?: string[];
  units?: string[];
  required?: boolean;
  many?: boolean;
}

export interface ActionRule {
  title?: Text;
  help?: Text;
  from?: string[];
  to?: string;
  by?: Array<{ party?: string; role?: string; unit_kinds?: string[] }>;
  guards?: string[];
  input?: { required?: string[]; optional?: string[] };
  requires_documents?: string[];
  optional_documents?: string[];
  reason_required?: boolean;
  four_eyes?: boolean | object;
  trigger?: "link" | "deadline";
  basis?: string[];
}

export interface StateRule {
  title: Text;
  owner?: string;
  final?: boolean;
  outcome?: string;
}

export interface DeadlineRule {
  title: Text;
  owner?: string;
  note?: Text;
  extension?: ActionRule & { times?: number };
  by_hand?: ActionRule;
}

export interface Definition {
  id: string;
  version: string;
  title: Text;
  summary?: Text;
  number_prefix: string;
  fields: Record<string, FieldRule>;
  documents: Record<string, DocumentRule>;
  parties: Record<string, PartyRule>;
  guards: Record<string, { rule: unknown; else: Text; basis?: string[] }>;
  basis?: Array<{ id: string; source: string; article: string; verified: boolean; note?: Text }>;
  opening: ActionRule;
  opening_schema: Record<string, unknown>;
  case_title?: string;
  initial: string;
  states: Record<string, StateRule>;
  transitions: Record<string, ActionRule>;
  deadlines: Record<string, DeadlineRule>;
  actions?: Record<string, ActionRule>;
  example?: { fields?: Record<string, unknown>; parties?: Record<string, unknown> };
  hash: string;
}

// The rule behind an offered action, wherever the definition keeps it.
export function rule_of_action(definition: Definition, action: string, deadline?: string): ActionRule {
  const clock = deadline ? definition.deadlines?.[deadline] : undefined;
  if (action === "extend" && clock?.extension) return clock.extension;
  if ((action === "pause" || action === "resume") && clock?.by_hand) return clock.by_hand;
  return definition.transitions?.[action] ?? definition.actions?.[action] ?? {};
}
