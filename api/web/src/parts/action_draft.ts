// SPDX-License-Identifier: Apache-2.0
// What a form of an action holds, and what is wrong with it.
import type { Case } from "../api/contract";
import type { Definition } from "../api/definition";
import type { RequestProblem } from "../api/problem";
import { new_key } from "../api/client";
import { missing_names } from "../api/schema";
import type { Schema, Values } from "../api/schema";
import { pick, t } from "../text";
import type { GivenDocuments } from "./documents_field";
import type { FormError } from "./error_list";
import { member_title } from "./schema_form";

export interface ActionDraft {
  values: Values;
  documents: GivenDocuments;
  comment: string;
  // The case as it was when this was begun: what the decision rests on.
  revision: number;
  before: { state: string; fields: Values };
  // The wish's name, and what was wished: the same wish sent twice is done once.
  key?: string;
  key_of?: string;
}

// Nobody types again what the case knows already; but what is asked by yes or no is answered anew each time.
export function first_values(schema: Schema, subject: Case): Values {
  const values: Values = {};
  for (const name of Object.keys(schema.properties ?? {})) {
    const known = subject.fields[name];
    if (known !== undefined && known !== null && known !== "***" && typeof known !== "boolean") values[name] = known;
    const holders = subject.parties[name];
    if (!holders || holders.length === 0) continue;
    const units = holders.map((holder) => holder.unit);
    values[name] = schema.properties![name]!.type === "array" ? units : units[0];
  }
  return values;
}

export function key_for(draft: ActionDraft, body: unknown): { key: string; of: string } {
  const of = JSON.stringify([body, draft.revision]);
  return draft.key && draft.key_of === of ? { key: draft.key, of } : { key: new_key(), of };
}

interface Demands {
  definition: Definition;
  prefix: string;
  required: readonly string[];
  satisfied: ReadonlySet<string>;
  reason?: boolean;
}

// Only what the schema and the definition themselves say is missing; whether it is right, the server says.
export function local_errors(schema: Schema, draft: ActionDraft, demands: Demands): FormError[] {
  const { definition, prefix } = demands;
  const fields = missing_names(schema, draft.values).map((name) => ({
    at: `${prefix}-${name}`, name,
    text: t("form.required_of", { name: member_title(name, schema.properties?.[name] ?? {}, definition) }),
  }));
  const documents = demands.required
    .filter((kind) => !demands.satisfied.has(kind) && (draft.documents[kind] ?? []).length === 0)
    .map((kind) => ({
      at: `${prefix}-document-${kind}`, name: kind,
      text: t("form.document_of", { name: pick(definition.documents[kind]?.title, kind) }),
    }));
  const reason = demands.reason && draft.comment.trim() === ""
    ? [{ at: `${prefix}-comment`, name: "comment", text: t("form.reason_missing") }] : [];
  return [...fields, ...documents, ...reason];
}

// What the server says is wrong, tied to the controls it points at.
export function errors_of_action(problem: RequestProblem, prefix: string): FormError[] {
  return problem.errors.map((error) => {
    const [, room, name, inner] = error.pointer.split("/");
    const remedy = pick(error.remedy);
    const text = remedy ? `${pick(error.message)} ${remedy}` : pick(error.message);
    if (room === "input" && name === "fields" && inner) return { at: `${prefix}-fields-${inner}`, name: inner, text };
    if ((room === "input" || room === "fields" || room === "parties") && name) return { at: `${prefix}-${name}`, name, text };
    if (room === "documents" && name) return { at: `${prefix}-document-${name}`, name, text };
    if (room === "comment") return { at: `${prefix}-comment`, name: "comment", text };
    return { text };
  });
}

export function shown_errors(errors: readonly FormError[]): Record<string, string> {
  const named: Record<string, string> = {};
  for (const error of errors) if (error.name) named[error.name] ??= error.text;
  return named;
}
