// SPDX-License-Identifier: Apache-2.0
// A case beside the list it was found in: enough to decide about it, and what may be done.
import type { Case } from "../api/contract";
import { get_case } from "../api/calls";
import { definition_of } from "../state/directory";
import { use_live } from "../state/live";
import { forget, use_resource } from "../state/resource";
import { refresh_counts } from "../state/counts";
import { pick, t } from "../text";
import { CaseActions } from "./case_actions";
import { CaseDocuments, CaseFields } from "./case_facts";
import { DeadlineStrip } from "./deadline_strip";
import { Dialog } from "./dialog";
import { CaseLight } from "./light";
import { PendingRequests } from "./pending_requests";
import { Loading, Trouble } from "./trouble";

interface CasePaneProps {
  id: string;
  done: (now: Case) => void;
}

export function CasePane({ id, done }: CasePaneProps) {
  const subject = use_resource(`case/${id}`, (signal) => get_case(id, signal));
  use_live(subject.reload, id);
  if (subject.problem && !subject.value) return <Trouble problem={subject.problem} retry={subject.reload} />;
  const known = subject.value;
  if (!known) return <Loading />;
  const definition = definition_of(known.workflow, known.version);
  return (
    <div class="stack">
      <div class="row">
        <strong>{known.title || known.number}</strong>
        <span class="chip blue">{pick(known.state_title, known.state)}</span>
        <CaseLight line={known} />
        <a href={`/case/${id}`}>{t("pane.whole")}</a>
      </div>
      <PendingRequests subject={known} definition={definition} />
      <CaseActions subject={known} done={(now) => {
        subject.set(now);
        for (const list of ["worklist", "ledger", "board", "approvals", "complaints"]) forget(list);
        void refresh_counts();
        done(now);
      }} />
      <DeadlineStrip subject={known} />
      <CaseFields subject={known} definition={definition} />
      <CaseDocuments subject={known} definition={definition} />
    </div>
  );
}

export function CaseDialog({ id, number, close, done }: CasePaneProps & { number: string; close: () => void }) {
  return <Dialog title={number} close={close} wide><CasePane id={id} done={done} /></Dialog>;
}
