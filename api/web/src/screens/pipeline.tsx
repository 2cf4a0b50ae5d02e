// SPDX-License-Identifier: Apache-2.0
// Criminal referrals by whose move it is, and the list for the supervision of filing: what was handed over and has no
// decision.
import { list_all } from "../api/board_calls";
import { get_summary, list_cases } from "../api/calls";
import type { CaseLine } from "../api/contract";
import type { Definition } from "../api/definition";
import { CaseList, column } from "../parts/case_list";
import type { Column } from "../parts/case_list";
import { use_paged_cases } from "../parts/paged_cases";
import { PagedList } from "../parts/paged_list";
import { Empty, Loading, Trouble } from "../parts/trouble";
import { address, change_query } from "../router";
import { definition_of } from "../state/directory";
import { use_live } from "../state/live";
import { use_resource } from "../state/resource";
import { days_until } from "../time";
import { pick, t } from "../text";
import { ledger_address } from "./board/numbers";
import { referral_workflow, ReferralFunnel } from "./board/funnel";

// Handed over, and whether there will be a case is open or disputed.
const undecided = ["transferred", "supplementing", "not_filed", "reconsidering", "filing_supervision"];
const filing_clock = "filing-decision";

function Stages({ definition }: { definition: Definition }) {
  const summary = use_resource("pipeline/states", () => get_summary({ by: "state", workflow: referral_workflow }));
  use_live(summary.reload);
  if (summary.problem) return <Trouble problem={summary.problem} retry={summary.reload} />;
  if (!summary.value) return <Loading />;
  const counts = new Map(summary.value.rows.map((row) => [row.key, row]));
  const states = Object.entries(definition.states);
  // What is finished comes last.
  const owners = [...new Set(states.map(([, state]) => state.owner ?? ""))].sort((left, right) => Number(!left) - Number(!right));
  return (
    <div class="stages">
      {owners.map((owner) => {
        const mine = states.filter(([, state]) => (state.owner ?? "") === owner);
        const total = mine.reduce((sum, [id]) => sum + (counts.get(id)?.open ?? 0) + (counts.get(id)?.closed ?? 0), 0);
        return (
          <section key={owner} class="card">
            <h2>{owner ? pick(definition.parties[owner]?.title, owner) : t("pipeline.finished")}{t("text.colon")}{total}</h2>
            <ul class="plain">
              {mine.map(([id, state]) => {
                const row = counts.get(id);
                const number = (row?.open ?? 0) + (row?.closed ?? 0);
                return (
                  <li key={id}>
                    <span>{pick(state.title, id)}</span>
                    <span class="numbers nowrap">
                      {(row?.red ?? 0) > 0 && (
                        <a class="chip red" href={ledger_address(referral_workflow, { state: id, light: "red" })}>
                          <span aria-hidden="true">■</span>{t("pipeline.late", { count: row!.red })}
                        </a>
                      )}
                      {number > 0
                        ? <a href={ledger_address(referral_workflow, { state: id })}
                            aria-label={t("board.stage_count", { stage: pick(state.title, id), count: number })}>{number}</a>
                        : <span class="muted">0</span>}
                    </span>
                  </li>
                );
              })}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

function filing_started(line: CaseLine): string | undefined {
  return line.deadlines.find((deadline) => deadline.name === filing_clock)?.started;
}

function days_waited(line: CaseLine): number {
  const started = filing_started(line);
  return started ? -days_until(started) : 0;
}

function waited_column(): Column {
  return {
    key: "waited", title: t("pipeline.waited"), as: "number",
    cell: (line) => (filing_started(line) ? t("pipeline.days", { count: days_waited(line) }) : ""),
  };
}

function FilingSupervision({ definition }: { definition: Definition }) {
  const states = undecided.filter((state) => state in definition.states).join(",");
  const list = use_resource("pipeline/undecided", (signal) => list_all({ workflow: referral_workflow, state: states }, signal));
  use_live(list.reload);
  const lines = list.value && [...list.value.items].sort((left, right) => days_waited(right) - days_waited(left));
  return (
    <section class="card stack">
      <div class="row apart">
        <h2>{t("pipeline.supervision")}</h2>
        <a href={ledger_address(referral_workflow, { state: states })}>{t("board.in_ledger")}</a>
      </div>
      <p class="muted">{t("pipeline.supervision_note")}</p>
      {list.problem && <Trouble problem={list.problem} retry={list.reload} />}
      {!lines && !list.problem && <Loading />}
      {lines?.length === 0 && <Empty>{t("pipeline.none_undecided")}</Empty>}
      {lines && lines.length > 0 && (
        <CaseList lines={lines} caption={t("pipeline.supervision_table")}
          columns={[column("number"), column("title"), column("state"), waited_column(), column("light"), column("due")]} />
      )}
    </section>
  );
}

function AllOpen() {
  const cases = use_paged_cases("pipeline/open", (query, signal) => list_cases({ workflow: referral_workflow, final: false, sort: "due", ...query }, signal));
  return (
    <section class="card stack">
      <h2>{t("pipeline.open")}</h2>
      <PagedList cases={cases} empty={t("pipeline.none_open")} caption={t("pipeline.open_table")} />
    </section>
  );
}

export default function Pipeline() {
  const definition = definition_of(referral_workflow);
  const all = address.value.query.get("view") === "open";
  return (
    <div class="stack">
      <div class="head"><h1>{t("screen.pipeline")}</h1></div>
      {!definition && <Loading />}
      {definition && <Stages definition={definition} />}
      <ReferralFunnel here />
      <div class="row" role="group" aria-label={t("pipeline.lists")}>
        <button type="button" aria-pressed={!all} onClick={() => change_query({ view: null }, { replace: true })}>{t("pipeline.supervision")}</button>
        <button type="button" aria-pressed={all} onClick={() => change_query({ view: "open" }, { replace: true })}>{t("pipeline.open")}</button>
      </div>
      {definition && (all ? <AllOpen /> : <FilingSupervision definition={definition} />)}
    </div>
  );
}
