// SPDX-License-Identifier: Apache-2.0
// Who has handed in the yearly report, and who has not, by the end of February.
import { list_all } from "../api/board_calls";
import type { CaseLine } from "../api/contract";
import { CaseList } from "../parts/case_list";
import { CaseLight, DeadlineLight } from "../parts/light";
import { Empty, Loading, Trouble } from "../parts/trouble";
import { address, change_query } from "../router";
import { definition_of, unit_title, units } from "../state/directory";
import { use_live } from "../state/live";
import { use_resource } from "../state/resource";
import { date_of } from "../time";
import { pick, t } from "../text";
import { percent } from "./board/numbers";

const report = "annual-report";
const summary = "annual-summary";
const not_handed_in = new Set(["opened", "drafting", "returned"]);

const department_of = (line: CaseLine) => line.parties.department?.[0]?.unit ?? "";
const is_handed_in = (line: CaseLine) => !not_handed_in.has(line.state);
const year_of = (line: CaseLine) => Number(line.fields.report_year ?? 0);

function latest_year(lines: readonly CaseLine[]): number {
  const last_year = Number(date_of(new Date()).slice(0, 4)) - 1;
  const years = lines.map(year_of).filter(Boolean);
  return years.includes(last_year) || years.length === 0 ? last_year : Math.max(...years);
}

function Row({ unit, line }: { unit: string; line?: CaseLine }) {
  const due = line?.deadlines.find((deadline) => deadline.name === "due");
  return (
    <tr>
      <th scope="row">{unit_title(unit)}</th>
      <td data-label={t("column.number")}>{line ? <a href={`/case/${line.id}`}>{line.number}</a> : <span class="muted">{t("annual.not_begun")}</span>}</td>
      <td data-label={t("column.state")}>{line ? pick(line.state_title, line.state) : ""}</td>
      <td data-label={t("column.light")}>{line && (due?.state === "running" ? <DeadlineLight deadline={due} /> : <CaseLight line={line} />)}</td>
      <td class="nowrap" data-label={t("annual.due")}>{due ? date_of(due.due) : ""}</td>
      <td class="nowrap" data-label={t("annual.handed_in_on")}>{due?.stopped ? date_of(due.stopped) : ""}</td>
    </tr>
  );
}

function Reports({ lines, year, whole_district }: { lines: readonly CaseLine[]; year: number; whole_district: boolean }) {
  // A department is counted once: by a report that it has handed in, or else by its latest.
  const of_year = lines.filter((line) => year_of(line) === year)
    .sort((left, right) => Number(is_handed_in(left)) - Number(is_handed_in(right)) || left.opened.localeCompare(right.opened));
  const by_unit = new Map(of_year.map((line) => [department_of(line), line]));
  // Who reads all reports is shown who has none; a department sees its own.
  const departments = whole_district ? units.value.filter((unit) => unit.kind === "administrative").map((unit) => unit.id) : [];
  const rows = [...new Set([...departments, ...by_unit.keys()])];
  const handed_in = [...by_unit.values()].filter(is_handed_in).length;
  const rank = (unit: string) => (!by_unit.has(unit) ? 0 : is_handed_in(by_unit.get(unit)!) ? 2 : 1);
  rows.sort((left, right) => rank(left) - rank(right));
  if (rows.length === 0) return <Empty>{t("annual.empty")}</Empty>;
  return (
    <>
      <div class="tiles">
        <div class="tile"><span class="chip green"><span aria-hidden="true">●</span>{t("annual.handed_in")}</span><strong>{handed_in}</strong></div>
        <div class="tile"><span class="chip yellow"><span aria-hidden="true">▲</span>{t("annual.in_work")}</span><strong>{by_unit.size - handed_in}</strong></div>
        <div class="tile"><span class="chip"><span aria-hidden="true">○</span>{t("annual.not_begun")}</span><strong>{rows.length - by_unit.size}</strong></div>
        <div class="tile"><span class="chip">{t("annual.share")}</span><strong>{percent(handed_in / rows.length)}</strong></div>
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label={t("annual.table", { year })}>
        <table class="stacked">
          <caption>{t("annual.table", { year })}</caption>
          <thead>
            <tr>
              <th scope="col">{t("board.unit")}</th><th scope="col">{t("column.number")}</th><th scope="col">{t("column.state")}</th>
              <th scope="col">{t("column.light")}</th><th scope="col">{t("annual.due")}</th><th scope="col">{t("annual.handed_in_on")}</th>
            </tr>
          </thead>
          <tbody>{rows.map((unit) => <Row key={unit} unit={unit} line={by_unit.get(unit)} />)}</tbody>
        </table>
      </div>
    </>
  );
}

export default function Annual() {
  const reports = use_resource("annual/reports", (signal) => list_all({ workflow: report }, signal).then((found) => found.items));
  const summaries = use_resource("annual/summaries", (signal) => list_all({ workflow: summary }, signal).then((found) => found.items));
  use_live(reports.reload);
  definition_of(report);
  const lines = reports.value ?? [];
  const years = [...new Set([latest_year(lines), ...lines.map(year_of)])].filter(Boolean).sort((left, right) => right - left);
  const year = Number(address.value.query.get("year")) || latest_year(lines);
  const collected = (summaries.value ?? []).filter((line) => year_of(line) === year);
  return (
    <div class="stack">
      <div class="head">
        <h1>{t("screen.annual")}</h1>
        <label class="row">
          {t("annual.year")}
          <select class="short" value={String(year)} onChange={(event) => change_query({ year: event.currentTarget.value }, { replace: true })}>
            {years.map((one) => <option key={one} value={String(one)}>{one}</option>)}
          </select>
        </label>
        <a class="button" href={`/ledger/${report}`}>{t("board.in_ledger")}</a>
      </div>
      <p class="muted">{t("annual.rule")}</p>
      {reports.problem && <Trouble problem={reports.problem} retry={reports.reload} />}
      {!reports.value && !reports.problem && <Loading />}
      {reports.value && <Reports lines={lines} year={year} whole_district={new Set(lines.map(department_of)).size > 1} />}
      {collected.length > 0 && (
        <section class="stack">
          <h2>{t("annual.summary")}</h2>
          <CaseList lines={collected} caption={t("annual.summary")} />
        </section>
      )}
    </div>
  );
}
