// SPDX-License-Identifier: Apache-2.0
// How the units stand: worst first, each number the list it counts.
import { useState } from "preact/hooks";
import { get_summary } from "../../api/calls";
import { Empty, Loading, Trouble } from "../../parts/trouble";
import { use_live } from "../../state/live";
import { use_resource } from "../../state/resource";
import { unit_title, units } from "../../state/directory";
import { pick, t } from "../../text";
import { ledger_address, percent } from "./numbers";

const first_rows = 10;

export function UnitRates({ workflow }: { workflow: string }) {
  const summary = use_resource(`board/units/${workflow}`, () => get_summary({ by: "unit", workflow: workflow || undefined }));
  use_live(summary.reload);
  const [whole, set_whole] = useState(false);
  const kind_of = (id: string) => units.value.find((unit) => unit.id === id)?.kind;
  const rows = (summary.value?.rows ?? [])
    .filter((row) => row.open + row.closed > 0 && ["administrative", "township"].includes(kind_of(row.key) ?? "administrative"))
    .sort((left, right) => right.red - left.red || (left.closing_rate ?? 1) - (right.closing_rate ?? 1));
  const shown = whole ? rows : rows.slice(0, first_rows);
  return (
    <section class="card">
      <h2>{t("board.units")}</h2>
      {summary.problem && <Trouble problem={summary.problem} retry={summary.reload} />}
      {!summary.value && !summary.problem && <Loading />}
      {summary.value && rows.length === 0 && <Empty>{t("board.no_cases")}</Empty>}
      {rows.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={t("board.units")}>
          <table class="tight">
            <thead>
              <tr>
                <th scope="col">{t("board.unit")}</th>
                <th scope="col">{t("board.rate")}</th>
                <th scope="col" class="number">{t("board.closed_of_all")}</th>
                <th scope="col" class="number">{t("light.red")}</th>
                <th scope="col" class="number">{t("light.yellow")}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => {
                const to = (more: Record<string, string>) => ledger_address(workflow, { unit: row.key, ...more });
                const name = pick(row.title) || unit_title(row.key);
                const link = (number: number, more: Record<string, string>, what: string) =>
                  <a href={to(more)} aria-label={t("board.of_unit", { unit: name, what, count: number })}>{number}</a>;
                return (
                  <tr key={row.key}>
                    <th scope="row"><a href={to({})}>{name}</a></th>
                    <td class="rate"><div class="bar" aria-hidden="true"><span style={{ width: percent(row.closing_rate, "0%") }} /></div>{percent(row.closing_rate)}</td>
                    <td class="number">{link(row.closed, { final: "true" }, t("light.final"))} / {link(row.open + row.closed, {}, t("ledger.all"))}</td>
                    <td class="number">{link(row.red, { light: "red" }, t("light.red"))}</td>
                    <td class="number">{link(row.yellow, { light: "yellow" }, t("light.yellow"))}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {rows.length > first_rows && (
        <button type="button" class="small" aria-expanded={whole} onClick={() => set_whole(!whole)}>
          {whole ? t("board.fewer_units") : t("board.all_units", { count: rows.length })}
        </button>
      )}
      <p class="muted">{t("board.units_note")}</p>
    </section>
  );
}
