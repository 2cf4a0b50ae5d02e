// SPDX-License-Identifier: Apache-2.0
// The complaint desk: a pile on the left, the complaint and what may be done on the right, with what looks like the same.
import { get_summary, list_cases } from "../api/calls";
import type { CaseLine } from "../api/contract";
import { CasePane } from "../parts/case_pane";
import { CaseLight } from "../parts/light";
import { MoreButton, use_paged_cases } from "../parts/paged_cases";
import { Empty, Loading, Trouble } from "../parts/trouble";
import { use_keys } from "../keys";
import { address, change_query, navigate } from "../router";
import { definition_of, workflows } from "../state/directory";
import { use_live } from "../state/live";
import { use_resource } from "../state/resource";
import { phone } from "../state/screen_size";
import { pick, t } from "../text";
import type { MessageKey } from "../text";
import { field_text } from "../parts/field_text";
import { Similar } from "./complaints/similar";

const workflow = "public-complaint";

const piles: ReadonlyArray<[name: string, title: MessageKey, states: string]> = [
  ["sort", "complaints.to_sort", "received,objected"],
  ["handling", "complaints.handling", "routed,accepted,handling,with_issue,joined_issue"],
  ["answered", "complaints.answered", "answered,reviewing_back,review_requested,final_review"],
];

function Line({ line, chosen, choose }: { line: CaseLine; chosen: boolean; choose: () => void }) {
  const fields = definition_of(line.workflow, line.version)?.fields;
  const facts = ["channel", "class", "category"].map((name) => field_text(fields?.[name], line.fields[name])).filter(Boolean);
  return (
    <li data-here={String(chosen)}>
      <div class="row apart"><span class="muted">{line.number}</span><CaseLight line={line} /></div>
      <button type="button" class="pick-line" aria-current={chosen ? "true" : undefined} onClick={choose}>
        {line.title || t("case.untitled")}
      </button>
      <span class="muted">{[pick(line.state_title, line.state), ...facts].join(" · ")}</span>
    </li>
  );
}

export default function Complaints() {
  const query = address.value.query;
  const pile = piles.find(([name]) => name === query.get("pile")) ?? piles[0]!;
  const cases = use_paged_cases(`complaints/${pile[0]}`, (paging, signal) => list_cases({ workflow, state: pile[2], sort: "due", ...paging }, signal));
  const summary = use_resource("complaints/summary", () => get_summary({ by: "state", workflow }));
  use_live(summary.reload);
  const waiting = (states: string) => (summary.value?.rows ?? [])
    .filter((row) => states.split(",").includes(row.key)).reduce((sum, row) => sum + row.open, 0);
  const lines = cases.lines;
  const chosen_id = query.get("case") ?? lines?.[0]?.id;
  const chosen = lines?.find((line) => line.id === chosen_id);
  const choose = (line: CaseLine | undefined) => {
    if (!line) return;
    if (phone.value) navigate(`/case/${line.id}`);
    else change_query({ case: line.id }, { replace: true });
  };
  const step = (by: number) => choose(lines?.[Math.max(0, (lines.findIndex((line) => line.id === chosen_id) ?? 0) + by)]);
  use_keys({ j: () => step(1), k: () => step(-1), Enter: () => chosen && navigate(`/case/${chosen.id}`) });
  const may_open = workflows.value.find((one) => one.id === workflow)?.may_open;
  return (
    <>
      <div class="head">
        <h1>{t("screen.complaints")}</h1>
        {may_open && <a class="button primary" href={`/open/${workflow}`}>{t("complaints.register")}</a>}
        <a class="button" href={`/ledger/${workflow}`}>{t("board.in_ledger")}</a>
      </div>
      <nav class="tabs" aria-label={t("complaints.piles")}>
        {piles.map(([name, title, states]) => (
          <a key={name} href={`/complaints?pile=${name}`} aria-current={name === pile[0] ? "page" : undefined}>
            {t(title)}{summary.value && <span class="muted"> {waiting(states)}</span>}
          </a>
        ))}
      </nav>
      {cases.problem && <Trouble problem={cases.problem} retry={cases.reload} />}
      {!lines && !cases.problem && <Loading />}
      {lines?.length === 0 && <Empty>{t("complaints.empty")}</Empty>}
      {lines && lines.length > 0 && (
        <div class="split">
          <div>
            <ul class="plain list" aria-label={t(pile[1])}>
              {lines.map((line) => <Line key={line.id} line={line} chosen={!phone.value && line.id === chosen_id} choose={() => choose(line)} />)}
            </ul>
            <MoreButton cases={cases} />
          </div>
          {!phone.value && chosen_id && (
            <div class="stack">
              {chosen && <Similar key={`similar-${chosen.id}`} line={chosen} />}
              <CasePane key={chosen_id} id={chosen_id} done={() => cases.reload()} />
            </div>
          )}
        </div>
      )}
    </>
  );
}
