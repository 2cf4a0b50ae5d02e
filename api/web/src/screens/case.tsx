// SPDX-License-Identifier: Apache-2.0
import type { Case } from "../api/contract";
import { get_case, get_history, offers } from "../api/calls";
import { use_keys } from "../keys";
import { CaseActions } from "../parts/case_actions";
import { CaseDocuments, CaseFields, CaseLinks, CaseParties } from "../parts/case_facts";
import { CasePapers } from "../parts/case_papers";
import { CaseSteps } from "../parts/case_steps";
import { DeadlineStrip } from "../parts/deadline_strip";
import { Icon } from "../parts/icon";
import { CaseLight } from "../parts/light";
import { PendingRequests } from "../parts/pending_requests";
import { Timeline } from "../parts/timeline";
import { Loading, Trouble } from "../parts/trouble";
import { navigate } from "../router";
import type { ScreenProps } from "../routes";
import { refresh_counts } from "../state/counts";
import { definition_of, workflow_title } from "../state/directory";
import { remembered_list } from "../state/list_context";
import { use_live } from "../state/live";
import { forget, use_resource } from "../state/resource";
import { date_time_of } from "../time";
import { pick, t } from "../text";

export default function CaseScreen({ parameters }: ScreenProps) {
  const id = parameters.id!;
  const subject = use_resource<Case>(`case/${id}`, (signal) => get_case(id, signal));
  const history = use_resource(`case/${id}/history`, () => get_history(id));
  const reload = () => {
    subject.reload();
    history.reload();
  };
  use_live(reload, id);

  const list = remembered_list();
  const at = list?.ids.indexOf(id) ?? -1;
  const go = (step: number) => {
    const next = at >= 0 ? list!.ids[at + step] : undefined;
    if (next) navigate(`/case/${next}`);
  };
  use_keys({ "[": () => go(-1), "]": () => go(1) });

  if (subject.problem && !subject.value) {
    return (
      <>
        <div class="head"><h1>{t("screen.case")}</h1></div>
        <Trouble problem={subject.problem} retry={subject.reload} />
      </>
    );
  }
  const known = subject.value;
  if (!known) return <Loading />;
  const definition = definition_of(known.workflow, known.version);
  const done = (now: Case) => {
    forget("worklist");
    forget("ledger");
    subject.set(now);
    forget(`case/${id}/deadline`);
    history.reload();
    void refresh_counts();
  };
  return (
    <>
      <nav class="crumbs no-print" aria-label={t("case.crumbs")}>
        <a href={list?.address ?? "/ledger"}>{t("case.back")}</a>
        <span aria-hidden="true">›</span>
        <a href={`/ledger/${known.workflow}`}>{workflow_title(known.workflow)}</a>
        <span aria-hidden="true">›</span>
        <span>{known.number}</span>
        {at >= 0 && (
          <>
            <button type="button" class="quiet small" disabled={at === 0} onClick={() => go(-1)}>{t("case.previous")}</button>
            <button type="button" class="quiet small" disabled={at >= list!.ids.length - 1} onClick={() => go(1)}>{t("case.next")}</button>
          </>
        )}
      </nav>
      <div class="case-head">
        <h1>{known.title || known.number}</h1>
        <span class="only-print">{workflow_title(known.workflow)} {known.number}</span>
        <span class="chip blue">{pick(known.state_title, known.state)}</span>
        <CaseLight line={known} />
        <span class="muted">{t("case.times", { opened: date_time_of(known.opened), changed: date_time_of(known.changed) })}</span>
        <span class="row no-print">
          <button type="button" class="small" onClick={() => window.print()}><Icon name="print" size={16} />{t("case.print")}</button>
          {offers("GET /api/v1/cases/{id}/package") && history.value?.[0]?.hash && (
            <a class="button small" href={`/api/v1/cases/${id}/package`} download>{t("case.package")}</a>
          )}
        </span>
      </div>
      <div class="stack">
        <PendingRequests subject={known} definition={definition} />
        <CaseActions subject={known} done={done} />
        <DeadlineStrip subject={known} />
        {definition && <CaseSteps subject={known} definition={definition} events={history.value ?? []} />}
        <div class="columns">
          <div class="stack">
            {history.problem && <Trouble problem={history.problem} retry={history.reload} />}
            {history.value ? <Timeline events={history.value} definition={definition} /> : !history.problem && <Loading />}
          </div>
          <div class="stack">
            <CaseFields subject={known} definition={definition} />
            <CaseParties subject={known} definition={definition} />
            <CaseDocuments subject={known} definition={definition} />
            {definition && <CasePapers subject={known} definition={definition} done={done} />}
            <CaseLinks subject={known} />
          </div>
        </div>
      </div>
    </>
  );
}
