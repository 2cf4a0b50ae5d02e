// SPDX-License-Identifier: Apache-2.0
// Opens a case of a workflow: its fields, the parts that have to be named, its first documents.
import { useState } from "preact/hooks";
import { open_case } from "../api/calls";
import { new_key } from "../api/client";
import { as_problem } from "../api/problem";
import type { RequestProblem } from "../api/problem";
import { filled_values } from "../api/schema";
import type { Schema, Values } from "../api/schema";
import { errors_of_action, shown_errors } from "../parts/action_draft";
import { DocumentsField, hashes_of } from "../parts/documents_field";
import type { GivenDocuments } from "../parts/documents_field";
import { DraftLine } from "../parts/draft_line";
import { ErrorList } from "../parts/error_list";
import type { FormError } from "../parts/error_list";
import { Field } from "../parts/field";
import { member_title, SchemaForm } from "../parts/schema_form";
import { Loading, Trouble } from "../parts/trouble";
import { navigate } from "../router";
import type { ScreenProps } from "../routes";
import { load_definition } from "../state/directory";
import { use_form_draft } from "../state/form_drafts";
import { notify } from "../state/notice";
import { forget, use_resource } from "../state/resource";
import { missing_names } from "../api/schema";
import { pick, t } from "../text";

interface OpeningDraft {
  values: Values;
  documents: GivenDocuments;
  comment: string;
  key: string;
  key_of?: string;
}

const nothing = (): OpeningDraft => ({ values: {}, documents: {}, comment: "", key: new_key() });

export default function OpenCase({ parameters }: ScreenProps) {
  const workflow = parameters.workflow!;
  const loaded = use_resource(`definition/${workflow}`, () => load_definition(workflow));
  const draft = use_form_draft<OpeningDraft>(`open/${workflow}`, nothing);
  const [errors, set_errors] = useState<readonly FormError[]>([]);
  const [problem, set_problem] = useState<RequestProblem | undefined>(undefined);
  const [busy, set_busy] = useState(false);
  const [uploading, set_uploading] = useState(0);
  const definition = loaded.value;
  const known = draft.value;
  if (loaded.problem) return <Trouble problem={loaded.problem} retry={loaded.reload} />;
  if (!definition || !known) return <Loading />;

  const schema = definition.opening_schema as Schema;
  const rule = definition.opening;
  const kinds = [...(rule.requires_documents ?? []), ...(rule.optional_documents ?? [])];
  const set = (changed: Partial<OpeningDraft>) => draft.change((was) => ({ ...was, ...changed }));

  const submit = async (event: Event) => {
    event.preventDefault();
    const wrong: FormError[] = missing_names(schema, known.values).map((name) => ({
      at: `open-${name}`, name,
      text: t("form.required_of", { name: member_title(name, schema.properties?.[name] ?? {}, definition) }),
    }));
    for (const kind of rule.requires_documents ?? []) {
      if ((known.documents[kind] ?? []).length > 0) continue;
      wrong.push({ at: `open-document-${kind}`, name: kind, text: t("form.document_of", { name: pick(definition.documents[kind]?.title, kind) }) });
    }
    set_errors(wrong);
    set_problem(undefined);
    if (wrong.length > 0) return;
    set_busy(true);
    const filled = Object.entries(filled_values(known.values));
    const body = {
      workflow,
      fields: Object.fromEntries(filled.filter(([name]) => name in definition.fields)),
      parties: Object.fromEntries(filled.filter(([name]) => name in definition.parties)),
      documents: hashes_of(known.documents),
      comment: known.comment.trim(),
    };
    const of = JSON.stringify(body);
    const key = known.key_of && known.key_of !== of ? new_key() : known.key;
    set({ key, key_of: of });
    try {
      const opened = await open_case(body, key);
      await draft.drop();
      forget("worklist");
      forget("opened");
      forget("ledger");
      notify(t("open.done", { number: opened.number }));
      navigate(`/case/${opened.id}`, { replace: true });
    } catch (fault) {
      const refused = as_problem(fault);
      const told = errors_of_action(refused, "open");
      set_errors(told);
      if (told.length === 0) set_problem(refused);
      set_busy(false);
    }
  };

  return (
    <form class="stack narrow" noValidate onSubmit={submit}>
      <div class="head"><h1>{t("open.title", { workflow: pick(definition.title) })}</h1></div>
      {pick(rule.help) && <p class="muted">{pick(rule.help)}</p>}
      <ErrorList errors={errors} />
      {problem && <Trouble problem={problem} />}
      <div class="card stack">
        <SchemaForm schema={schema} definition={definition} value={known.values} prefix="open" errors={shown_errors(errors)}
          change={(update) => draft.change((was) => ({ ...was, values: update(was.values) }))} />
        <DocumentsField kinds={kinds} required={rule.requires_documents ?? []} definition={definition} value={known.documents}
          prefix="open-document" errors={shown_errors(errors)} change={(update) => draft.change((was) => ({ ...was, documents: update(was.documents) }))}
          busy={(count) => set_uploading((was) => was + count)} />
        <Field id="open-comment" label={t("action.comment")}>
          <textarea id="open-comment" value={known.comment} onInput={(event) => set({ comment: event.currentTarget.value })} />
        </Field>
      </div>
      <div class="row">
        <DraftLine draft={draft} discard={() => draft.restart(nothing())} />
        <button type="submit" class="primary" disabled={busy || uploading > 0}>
          {busy ? t("action.sending") : pick(rule.title, t("screen.open_case"))}
        </button>
      </div>
    </form>
  );
}
