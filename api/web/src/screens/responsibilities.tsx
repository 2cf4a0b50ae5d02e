// SPDX-License-Identifier: Apache-2.0
// Who is responsible for what: items by their lead and supporting units, as a list and as a table of units.
import { list_all } from "../api/board_calls";
import type { CaseLine } from "../api/contract";
import { holders_text } from "../parts/case_list";
import { field_text } from "../parts/field_text";
import { Empty, Loading, Trouble } from "../parts/trouble";
import { address, change_query } from "../router";
import { definition_of, unit_title, workflows } from "../state/directory";
import { person } from "../state/session";
import { use_resource } from "../state/resource";
import { pick, t } from "../text";
import { safe_address } from "./responsibilities/address";
import { PublicView } from "./responsibilities/published";

const workflow = "responsibility-item";

function item_of(line: CaseLine): string {
  return typeof line.fields.item === "string" ? line.fields.item : line.title;
}

// What the public reads: what was published, without what is still being worked out.
function ListOfItems({ lines, public_view }: { lines: readonly CaseLine[]; public_view: boolean }) {
  const fields = definition_of(workflow)?.fields;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t("responsibilities.list")}>
      <table class="stacked">
        <caption class="hidden-text">{t("responsibilities.list")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("responsibilities.item")}</th>
            <th scope="col">{t("responsibilities.lead")}</th>
            <th scope="col">{t("responsibilities.supporting")}</th>
            <th scope="col">{t("responsibilities.basis")}</th>
            {!public_view && <th scope="col">{t("column.state")}</th>}
            <th scope="col">{t("responsibilities.published")}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => {
            const to = safe_address(line.fields.url);
            const published = String(line.fields.published_on ?? "");
            return (
              <tr key={line.id}>
                <th scope="row">{public_view ? item_of(line) : <a class="title" href={`/case/${line.id}`}>{item_of(line) || line.number}</a>}</th>
                <td data-label={t("responsibilities.lead")}>{holders_text(line, "lead") || <span class="muted">{t("responsibilities.no_lead")}</span>}</td>
                <td data-label={t("responsibilities.supporting")}>{holders_text(line, "supporting")}</td>
                <td data-label={t("responsibilities.basis")}>{[field_text(fields?.duty_basis, line.fields.duty_basis), line.fields.basis_text].filter(Boolean).join(" ")}</td>
                {!public_view && <td data-label={t("column.state")}>{pick(line.state_title, line.state)}</td>}
                <td class="nowrap" data-label={t("responsibilities.published")}>{to ? <a href={to} rel="noopener noreferrer" target="_blank">{published || to}</a> : published}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function units_of(line: CaseLine, party: string): string[] {
  return (line.parties[party] ?? []).map((holder) => holder.unit);
}

function Matrix({ lines }: { lines: readonly CaseLine[] }) {
  const columns = [...new Set(lines.flatMap((line) => [...units_of(line, "lead"), ...units_of(line, "supporting")]))];
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t("responsibilities.matrix")}>
      <table class="wide matrix">
        <caption>{t("responsibilities.matrix_how")}</caption>
        <thead>
          <tr><th scope="col">{t("responsibilities.item")}</th>{columns.map((unit) => <th key={unit} scope="col">{unit_title(unit)}</th>)}</tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.id}>
              <th scope="row"><a class="title" href={`/case/${line.id}`}>{item_of(line) || line.number}</a></th>
              {columns.map((unit) => {
                const leads = units_of(line, "lead").includes(unit);
                const supports = units_of(line, "supporting").includes(unit);
                return (
                  <td key={unit} class="mark">
                    {leads && <><span aria-hidden="true">●</span><span class="hidden-text">{t("responsibilities.lead")}</span></>}
                    {!leads && supports && <><span aria-hidden="true">○</span><span class="hidden-text">{t("responsibilities.supporting")}</span></>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SignedIn() {
  const items = use_resource("responsibilities", (signal) => list_all({ workflow }, signal).then((found) => found.items));
  const view = address.value.query.get("view") ?? "list";
  const current = (items.value ?? []).filter((line) => !["withdrawn", "retired"].includes(line.state));
  const lines = view === "public" ? current.filter((line) => line.state === "published" || line.state === "revising") : current;
  const may_open = workflows.value.find((one) => one.id === workflow)?.may_open;
  const views = [["list", t("responsibilities.list")], ["matrix", t("responsibilities.matrix")], ["public", t("responsibilities.public")]] as const;
  return (
    <div class="stack">
      <div class="head">
        <h1>{t("screen.responsibilities")}</h1>
        {may_open && <a class="button" href={`/open/${workflow}`}>{t("ledger.open_new")}</a>}
        <a class="button" href={`/ledger/${workflow}`}>{t("board.in_ledger")}</a>
      </div>
      <div class="row no-print" role="group" aria-label={t("nearby.view")}>
        {views.map(([name, title]) => (
          <button key={name} type="button" aria-pressed={view === name} onClick={() => change_query({ view: name }, { replace: true })}>{title}</button>
        ))}
      </div>
      {items.problem && <Trouble problem={items.problem} retry={items.reload} />}
      {!items.value && !items.problem && <Loading />}
      {items.value && lines.length === 0 && <Empty>{t("responsibilities.empty")}</Empty>}
      {lines.length > 0 && (view === "matrix" ? <Matrix lines={lines} /> : <ListOfItems lines={lines} public_view={view === "public"} />)}
    </div>
  );
}

export default function Responsibilities() {
  return person.value ? <SignedIn /> : <PublicView />;
}
