// SPDX-License-Identifier: Apache-2.0
// Papers that the server fills from a case: looked at and printed beforehand, then issued under a number of their own.
import { useState } from "preact/hooks";
import type { Case, Paper } from "../api/contract";
import { issue_paper, list_papers, paper_address } from "../api/calls";
import { new_key } from "../api/client";
import type { Definition } from "../api/definition";
import { as_problem } from "../api/problem";
import type { RequestProblem } from "../api/problem";
import { filled_values, missing_names } from "../api/schema";
import type { Schema, Values } from "../api/schema";
import { use_form_draft } from "../state/form_drafts";
import { notify } from "../state/notice";
import { use_resource } from "../state/resource";
import { pick, t } from "../text";
import { errors_of_action, shown_errors } from "./action_draft";
import { Dialog } from "./dialog";
import { DraftLine } from "./draft_line";
import { ErrorList } from "./error_list";
import type { FormError } from "./error_list";
import { Field } from "./field";
import { member_title, SchemaForm } from "./schema_form";
import { Trouble } from "./trouble";

interface PapersProps {
  subject: Case;
  definition: Definition;
  done: (now: Case) => void;
}

export function CasePapers(props: PapersProps) {
  const { subject } = props;
  const papers = use_resource(`case/${subject.id}/papers/${subject.revision}`, (signal) => list_papers(subject.id, signal));
  const [open, set_open] = useState<string | null>(null);
  if (papers.problem) return <Trouble problem={papers.problem} retry={papers.reload} />;
  if (!papers.value || papers.value.length === 0) return null;
  const chosen = papers.value.find((paper) => paper.kind === open);
  return (
    <section class="card no-print" aria-labelledby="papers-title">
      <h2 id="papers-title">{t("papers.title")}</h2>
      <ul class="plain files">
        {papers.value.map((paper) => <Line key={paper.kind} paper={paper} subject={subject} issue={() => set_open(paper.kind)} />)}
      </ul>
      {chosen && <IssueDialog key={chosen.kind} {...props} paper={chosen} close={() => set_open(null)} />}
    </section>
  );
}

function Line({ paper, subject, issue }: { paper: Paper; subject: Case; issue: () => void }) {
  const title = pick(paper.title, paper.kind);
  // What the case does not say yet can be given for this paper.
  const fields = Object.keys((paper.input_schema as Schema).properties ?? {});
  const in_the_way = paper.refusals.filter((one) => !fields.some((name) => one.pointer === `/fields/${name}`));
  return (
    <li>
      <span class="grow">
        {title}{paper.issued > 0 && <span class="muted"> {t("papers.issued", { count: paper.issued })}</span>}
        {in_the_way.map((one) => <span key={one.code} class="muted reason">{pick(one.text)}</span>)}
      </span>
      <a class="button small" href={paper_address(subject.id, paper.kind)} target="_blank" rel="noopener"
        aria-label={t("papers.look_at", { title })}>{t("papers.look")}</a>
      {in_the_way.length === 0 && (
        <button type="button" class="small" data-paper={paper.kind} aria-label={t("papers.issue_one", { title })} onClick={issue}>
          {t("papers.issue")}
        </button>
      )}
    </li>
  );
}

interface PaperDraft {
  fields: Values;
  comment: string;
  key: string;
}

function IssueDialog({ subject, definition, paper, close, done }: PapersProps & { paper: Paper; close: () => void }) {
  const title = pick(paper.title, paper.kind);
  return (
    <Dialog title={t("papers.issue_one", { title })} close={close}>
      <IssueForm subject={subject} definition={definition} paper={paper} close={close} done={done} />
    </Dialog>
  );
}

function IssueForm({ subject, definition, paper, close, done }: PapersProps & { paper: Paper; close: () => void }) {
  const draft = use_form_draft<PaperDraft>(`case/${subject.id}/paper/${paper.kind}`, () => ({ fields: {}, comment: "", key: new_key() }));
  const [errors, set_errors] = useState<readonly FormError[]>([]);
  const [problem, set_problem] = useState<RequestProblem | undefined>(undefined);
  const [busy, set_busy] = useState(false);
  const known = draft.value;
  if (!known) return <p role="status">{t("shell.loading")}</p>;
  const schema = paper.input_schema as Schema;

  const submit = async (event: Event) => {
    event.preventDefault();
    const wrong = missing_names(schema, known.fields).map((name) => ({
      at: `paper-${name}`, name, text: t("form.required_of", { name: member_title(name, schema.properties?.[name] ?? {}, definition) }),
    }));
    set_errors(wrong);
    set_problem(undefined);
    if (wrong.length > 0 || busy) return;
    set_busy(true);
    try {
      const now = await issue_paper(subject.id, paper.kind,
        { fields: filled_values(known.fields), comment: known.comment.trim() }, subject.revision, known.key);
      await draft.drop();
      close();
      notify(t("papers.done", { number: paper.number }));
      done(now);
    } catch (fault) {
      const refused = as_problem(fault);
      const told = errors_of_action(refused, "paper");
      set_errors(told);
      if (told.length === 0) set_problem(refused);
      // Another wish from here on; and it is of the case as it stands by now.
      draft.change((was) => ({ ...was, key: new_key() }));
      if (refused.status === 412 && refused.current) done(refused.current);
      set_busy(false);
    }
  };

  return (
    <form class="stack" noValidate onSubmit={submit}>
      <ErrorList errors={errors} />
      {problem && <Trouble problem={problem} />}
      <p>{t("papers.number", { number: paper.number })}</p>
      <SchemaForm schema={schema} definition={definition} value={known.fields} prefix="paper" errors={shown_errors(errors)} subject={subject}
        change={(update) => draft.change((was) => ({ ...was, fields: update(was.fields) }))} />
      <Field id="paper-comment" label={t("action.comment")}>
        <textarea id="paper-comment" value={known.comment}
          onInput={(event) => { const comment = event.currentTarget.value; draft.change((was) => ({ ...was, comment })); }} />
      </Field>
      <div class="finish">
        <DraftLine draft={draft} discard={() => draft.restart({ fields: {}, comment: "", key: new_key() })} />
        <button type="button" onClick={close}>{t("shell.cancel")}</button>
        <button type="submit" class="primary" disabled={busy}>{busy ? t("action.sending") : t("papers.issue")}</button>
      </div>
    </form>
  );
}
