// SPDX-License-Identifier: Apache-2.0
// The supervisor's board: what is late and whose it is. Every number leads to the list that it counts.
import { get_summary, list_cases } from "../api/calls";
import type { Counts } from "../api/contract";
import { BulkBar } from "../parts/bulk_bar";
import { column, owner_text } from "../parts/case_list";
import type { Column } from "../parts/case_list";
import { use_paged_cases } from "../parts/paged_cases";
import { PagedList } from "../parts/paged_list";
import { Loading, Trouble } from "../parts/trouble";
import { address, change_query } from "../router";
import { workflows } from "../state/directory";
import { use_live } from "../state/live";
import { use_selection } from "../state/selection";
import { use_resource } from "../state/resource";
import { date_time_of } from "../time";
import { pick, t } from "../text";
import { ReferralFunnel } from "./board/funnel";
import { Insights } from "./board/insights";
import { ledger_address, percent } from "./board/numbers";
import { UnitRates } from "./board/unit_rates";
import { TwelveWeeks } from "./board/weeks";

function Lights({ workflow, total }: { workflow: string; total: Counts }) {
  const lights = [
    { light: "red", shape: "■", title: t("light.red"), number: total.red },
    { light: "yellow", shape: "▲", title: t("light.yellow"), number: total.yellow },
    { light: "green", shape: "●", title: t("light.green"), number: total.green },
    { light: "grey", shape: "○", title: t("light.grey"), number: total.grey },
  ] as const;
  return (
    <section aria-label={t("board.lights")} class="tiles">
      {lights.map((one) => (
        <a key={one.light} class="tile" href={ledger_address(workflow, { light: one.light, final: "false" })}>
          <span class={`chip ${one.light}`}><span aria-hidden="true">{one.shape}</span>{one.title}</span>
          <strong>{one.number}</strong><span class="muted">{t("workbench.cases")}</span>
        </a>
      ))}
      <a class="tile" href={ledger_address(workflow, { final: "true" })}>
        <span class="chip">{t("board.rate")}</span>
        <strong>{percent(total.closing_rate)}</strong>
        <span class="muted">{t("workbench.rate", { closed: total.closed, all: total.closed + total.open })}</span>
      </a>
    </section>
  );
}

// Whose it is stands under what it is, so that the row fits beside the units.
function columns(): Column[] {
  const title = column("title");
  return [
    column("number"),
    { ...title, cell: (line) => <>{title.cell(line)}<span class="muted">{owner_text(line)}</span></> },
    column("light"),
  ];
}

function Overdue({ workflow }: { workflow: string }) {
  const cases = use_paged_cases(`board/overdue/${workflow}`,
    (query, signal) => list_cases({ workflow: workflow || undefined, light: "red", final: false, ...query }, signal), 20);
  const selection = use_selection();
  return (
    <section class="card stack">
      <div class="row apart">
        <h2>{t("board.overdue")}</h2>
        <a href={ledger_address(workflow, { light: "red", final: "false" })}>{t("board.in_ledger")}</a>
      </div>
      <PagedList cases={cases} empty={t("workbench.none_overdue")} caption={t("board.overdue")} columns={columns()} selection={selection} />
      {selection.chosen.size > 0 && (
        <BulkBar lines={(cases.lines ?? []).filter((line) => selection.chosen.has(line.id))} clear={selection.clear} done={cases.reload} />
      )}
    </section>
  );
}

export default function Board() {
  const workflow = address.value.query.get("workflow") ?? "";
  const summary = use_resource(`board/summary/${workflow}`, () => get_summary({ by: "workflow", workflow: workflow || undefined }));
  use_live(summary.reload);
  return (
    <div class="stack">
      <div class="head">
        <h1>{t("screen.board")}</h1>
        {summary.value && <span class="muted">{t("workbench.as_of", { time: date_time_of(summary.value.at) })}</span>}
        <label class="row">
          {t("column.workflow")}
          <select class="short" value={workflow} onChange={(event) => change_query({ workflow: event.currentTarget.value }, { replace: true })}>
            <option value="">{t("ledger.all")}</option>
            {workflows.value.map((line) => <option key={line.id} value={line.id}>{pick(line.title, line.id)}</option>)}
          </select>
        </label>
      </div>
      {summary.problem && <Trouble problem={summary.problem} retry={summary.reload} />}
      {!summary.value && !summary.problem && <Loading />}
      {summary.value && <Lights workflow={workflow} total={summary.value.total} />}
      <div class="columns">
        <Overdue workflow={workflow} />
        <div class="stack">
          <UnitRates workflow={workflow} />
          <ReferralFunnel />
          <TwelveWeeks workflow={workflow} />
          <Insights workflow={workflow} />
        </div>
      </div>
    </div>
  );
}
