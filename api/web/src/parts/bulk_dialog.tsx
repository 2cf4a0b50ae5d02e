// SPDX-License-Identifier: Apache-2.0
import { useRef, useState } from "preact/hooks";
import type { Action, Case } from "../api/contract";
import { act_on_case } from "../api/calls";
import { new_key } from "../api/client";
import { rule_of_action } from "../api/definition";
import { as_problem, problem_text } from "../api/problem";
import { filled_values } from "../api/schema";
import type { Schema, Values } from "../api/schema";
import { definition_of } from "../state/directory";
import { refresh_counts } from "../state/counts";
import { pick, t } from "../text";
import { local_errors, shown_errors } from "./action_draft";
import { Dialog } from "./dialog";
import { DocumentsField, hashes_of } from "./documents_field";
import type { GivenDocuments } from "./documents_field";
import { ErrorList } from "./error_list";
import type { FormError } from "./error_list";
import { Field } from "./field";
import { SchemaForm } from "./schema_form";

interface Outcome {
  case: Case;
  text: string;
  failed: boolean;
}

export function BulkDialog({ cases, action, close }: { cases: readonly Case[]; action: Action; close: (acted: boolean) => void }) {
  const first = cases[0]!;
  const definition = definition_of(first.workflow, first.version);
  const schema = action.input_schema as Schema;
  const [values, set_values] = useState<Values>({});
  const [documents, set_documents] = useState<GivenDocuments>({});
  const [comment, set_comment] = useState("");
  const [errors, set_errors] = useState<readonly FormError[]>([]);
  const [outcomes, set_outcomes] = useState<readonly Outcome[]>([]);
  const [busy, set_busy] = useState(false);
  const keys = useRef(new Map<string, string>());
  if (!definition) return null;
  const rule = rule_of_action(definition, action.name);
  const required = rule.requires_documents ?? [];
  const kinds = action.name === "attach" ? Object.keys(definition.documents) : [...required, ...(rule.optional_documents ?? [])];
  const title = t("bulk.action", { action: pick(action.title, action.name), count: cases.length });

  const submit = async (event: Event) => {
    event.preventDefault();
    const draft = { values, documents, comment, revision: 0, before: { state: "", fields: {} } };
    const wrong = local_errors(schema, draft, { definition, prefix: "bulk", required, satisfied: new Set(), reason: rule.reason_required });
    set_errors(wrong);
    if (wrong.length > 0) return;
    set_busy(true);
    const body = { input: filled_values(values), documents: hashes_of(documents), comment: comment.trim() };
    const told: Outcome[] = [];
    for (const one of cases) {
      // The same key when it is tried again, so that nothing is done twice.
      const key = keys.current.get(one.id) ?? new_key();
      keys.current.set(one.id, key);
      try {
        const answer = await act_on_case(one.id, action.name, body, one.revision, key);
        told.push({ case: one, failed: false, text: answer.waits ? t("bulk.waits") : t("bulk.done") });
      } catch (fault) {
        keys.current.delete(one.id);
        told.push({ case: one, failed: true, text: problem_text(as_problem(fault)) });
      }
      set_outcomes([...told]);
    }
    set_busy(false);
    void refresh_counts();
  };

  return (
    <Dialog title={title} close={() => close(outcomes.length > 0)}>
      {outcomes.length > 0 ? (
        <div class="stack">
          <ul class="plain list" role="status">
            {outcomes.map((one) => (
              <li key={one.case.id}>
                <strong>{one.failed ? "✗" : "✓"} {one.case.number}</strong> {one.case.title}
                <div class={one.failed ? "trouble" : "muted"}>{one.text}</div>
              </li>
            ))}
          </ul>
          <div class="finish"><button type="button" class="primary" disabled={busy} onClick={() => close(true)}>{t("shell.close")}</button></div>
        </div>
      ) : (
        <form class="stack" noValidate onSubmit={submit}>
          <ErrorList errors={errors} />
          <SchemaForm schema={schema} definition={definition} value={values} change={set_values} prefix="bulk" errors={shown_errors(errors)} />
          <DocumentsField kinds={kinds} required={required} definition={definition} value={documents} change={set_documents}
            prefix="bulk-document" errors={shown_errors(errors)} />
          <Field id="bulk-comment" label={rule.reason_required ? t("action.reason") : t("action.comment")}
            required={rule.reason_required} wrong={shown_errors(errors).comment}>
            <textarea id="bulk-comment" value={comment} onInput={(event) => set_comment(event.currentTarget.value)} />
          </Field>
          <div class="finish">
            <button type="button" onClick={() => close(false)}>{t("shell.cancel")}</button>
            <button type="submit" class="primary" disabled={busy}>{busy ? t("action.sending") : title}</button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
