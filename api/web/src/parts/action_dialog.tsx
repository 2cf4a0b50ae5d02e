// SPDX-License-Identifier: Apache-2.0
// One allowed action of a case, as a form: what its schema takes, its documents, its reason. What is typed is kept on
// this device until it was sent.
import { useEffect, useState } from "preact/hooks";
import type { Action, Case } from "../api/contract";
import { act_on_case } from "../api/calls";
import { as_problem } from "../api/problem";
import type { RequestProblem } from "../api/problem";
import { rule_of_action } from "../api/definition";
import { filled_values } from "../api/schema";
import type { Schema, Values } from "../api/schema";
import { definition_of } from "../state/directory";
import { use_form_draft } from "../state/form_drafts";
import { notify } from "../state/notice";
import { pick, t } from "../text";
import { errors_of_action, first_values, key_for, local_errors, shown_errors } from "./action_draft";
import type { ActionDraft } from "./action_draft";
import { ActionHints } from "./action_hints";
import { Comparison } from "./comparison";
import { Dialog } from "./dialog";
import { DocumentsField, hashes_of } from "./documents_field";
import { DraftLine } from "./draft_line";
import { ErrorList } from "./error_list";
import type { FormError } from "./error_list";
import { described_by, Field } from "./field";
import { SchemaForm } from "./schema_form";
import { Trouble } from "./trouble";

export interface ActionDialogProps {
  subject: Case;
  action: Action;
  close: () => void;
  done: (now: Case) => void;
}

export function ActionDialog({ subject, action, close, done }: ActionDialogProps) {
  const title = pick(action.title, action.name);
  return (
    <Dialog title={title} close={close} wide={Object.keys((action.input_schema as Schema).properties ?? {}).length > 5}>
      <ActionForm subject={subject} action={action} close={close} done={done} />
    </Dialog>
  );
}

function ActionForm({ subject, action, close, done }: ActionDialogProps) {
  const definition = definition_of(subject.workflow, subject.version);
  const schema = action.input_schema as Schema;
  const prefix = `act-${action.name}`;
  const initial = (): ActionDraft => ({
    values: first_values(schema, subject), documents: {}, comment: "", revision: subject.revision,
    before: { state: subject.state, fields: subject.fields },
  });
  const draft = use_form_draft<ActionDraft>(`case/${subject.id}/${action.name}`, initial);
  const [errors, set_errors] = useState<readonly FormError[]>([]);
  const [problem, set_problem] = useState<RequestProblem | undefined>(undefined);
  const [now, set_now] = useState<Case>(subject);
  const [moved, set_moved] = useState(false);
  const [busy, set_busy] = useState(false);
  const [uploading, set_uploading] = useState(0);
  const known = draft.value;

  // A draft from before somebody else acted: say so at once, not only when it is sent.
  useEffect(() => {
    if (known && draft.restored && known.revision !== subject.revision) set_moved(true);
  }, [draft.restored]);

  if (!known || !definition) return <p role="status">{t("shell.loading")}</p>;
  const rule = rule_of_action(definition, action.name, known.values.deadline as string | undefined);
  const required = rule.requires_documents ?? action.requires_documents;
  const optional = action.name === "attach" ? Object.keys(definition.documents) : (rule.optional_documents ?? []);
  const kinds = [...new Set([...required, ...optional])];
  const lacking = new Set(action.refusals.filter((one) => one.code === "document_missing").map((one) => one.pointer));
  const satisfied = new Set(required.filter((kind) => !lacking.has(`/documents/${kind}`)));
  const hard = action.refusals.filter((one) => !["document_missing", "guard_failed"].includes(one.code));
  const set = (changed: Partial<ActionDraft>) => draft.change((was) => ({ ...was, ...changed }));
  const by_name = shown_errors(errors);

  const submit = async (event: Event) => {
    event.preventDefault();
    const wrong = local_errors(schema, known, { definition, prefix, required, satisfied, reason: rule.reason_required });
    set_errors(wrong);
    set_problem(undefined);
    if (wrong.length > 0 || busy) return;
    set_busy(true);
    const body = {
      input: filled_values(known.values), documents: hashes_of(known.documents), comment: known.comment.trim(),
    };
    const { key, of } = key_for(known, body);
    set({ key, key_of: of });
    try {
      const answer = await act_on_case(subject.id, action.name, body, known.revision, key);
      await draft.drop();
      notify(answer.waits ? t("action.waits", { action: pick(action.title) }) : t("action.done", { action: pick(action.title) }));
      done(answer.case);
    } catch (fault) {
      const refused = as_problem(fault);
      if (refused.status === 412 && refused.current) {
        set_now(refused.current);
        set_moved(true);
      } else {
        const told = errors_of_action(refused, prefix);
        set_errors(told);
        if (told.length === 0) set_problem(refused);
      }
      set_busy(false);
    }
  };

  const go_on = () => {
    set({ revision: now.revision, before: { state: now.state, fields: now.fields as Values } });
    set_moved(false);
  };
  const still_offered = now.allowed_actions.some((one) => one.name === action.name);

  return (
    <form class="stack" noValidate onSubmit={submit}>
      {moved && (
        <>
          <Comparison moved={{ before: known.before, now }} definition={definition} mine={known.values}
            take_theirs={(name) => set({ values: { ...known.values, [name]: now.fields[name] } })} />
          {!still_offered && <p class="trouble">{t("moved.not_offered")}</p>}
          <div class="row">
            {still_offered && <button type="button" class="primary" onClick={go_on}>{t("moved.go_on")}</button>}
            <button type="button" onClick={() => done(now)}>{t("moved.leave")}</button>
          </div>
        </>
      )}
      {!moved && (
        <>
          <ErrorList errors={errors} />
          {problem && <Trouble problem={problem} />}
          {pick(rule.help) && <p class="muted">{pick(rule.help)}</p>}
          {action.four_eyes && <p class="told">{t("action.four_eyes")}</p>}
          {hard.map((one) => (
            <p class="trouble" key={one.code}>{pick(one.text)} {pick(one.remedy)}</p>
          ))}
          <ActionHints definition={definition} rule={rule} subject={subject} values={known.values} documents={known.documents} />
          <SchemaForm schema={schema} definition={definition} value={known.values} errors={by_name} prefix={prefix}
            subject={subject} change={(update) => draft.change((was) => ({ ...was, values: update(was.values) }))} />
          <DocumentsField kinds={kinds} required={required} satisfied={satisfied} definition={definition}
            value={known.documents} errors={by_name} prefix={`${prefix}-document`}
            change={(update) => draft.change((was) => ({ ...was, documents: update(was.documents) }))} busy={(count) => set_uploading((was) => was + count)} />
          <Field id={`${prefix}-comment`} label={rule.reason_required ? t("action.reason") : t("action.comment")}
            required={rule.reason_required || action.name === "comment" || action.name === "decline"} wrong={by_name.comment}>
            <textarea id={`${prefix}-comment`} value={known.comment} aria-invalid={by_name.comment ? true : undefined}
              aria-describedby={described_by(`${prefix}-comment`, "", by_name.comment)}
              onInput={(event) => set({ comment: event.currentTarget.value })} />
          </Field>
          <div class="finish">
            <DraftLine draft={draft} discard={() => draft.restart(initial())} />
            <button type="button" onClick={close}>{t("shell.cancel")}</button>
            <button type="submit" class="primary" disabled={busy || uploading > 0}>
              {busy ? t("action.sending") : pick(action.title, action.name)}
            </button>
          </div>
        </>
      )}
    </form>
  );
}
