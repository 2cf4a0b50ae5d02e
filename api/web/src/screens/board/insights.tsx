// SPDX-License-Identifier: Apache-2.0
// Where the cases of a workflow wait, and how long against their limits.
import { get_insight } from "../../api/board_calls";
import type { Stay, UnitStay } from "../../api/contract";
import { Empty, Loading, Trouble } from "../../parts/trouble";
import { use_resource } from "../../state/resource";
import { language, pick, t } from "../../text";
import { ledger_address } from "./numbers";

const most_units = 8;

function time_text(seconds: number | null): string {
  if (seconds === null) return "–";
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3_600) % 24;
  if (days > 0) return t("insight.days", { count: hours >= 12 ? days + 1 : days });
  if (hours > 0) return t("insight.hours", { count: hours });
  return t("insight.minutes", { count: Math.floor(seconds / 60) });
}

function Rows({ workflow, title, stays }: { workflow: string; title: string; stays: ReadonlyArray<Stay | UnitStay> }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={title}>
      <table class="tight">
        <thead>
          <tr>
            <th scope="col">{title}</th><th scope="col" class="number">{t("insight.median")}</th><th scope="col" class="number">{t("insight.ninetieth")}</th>
            <th scope="col" class="number">{t("insight.limit")}</th><th scope="col" class="number">{t("insight.late")}</th><th scope="col" class="number">{t("insight.waiting")}</th>
          </tr>
        </thead>
        <tbody>
          {stays.map((stay) => {
            const unit = "unit" in stay ? stay : undefined;
            const query = { state: stay.state, final: "false", ...(unit && { unit: unit.unit }) };
            return (
              <tr key={`${stay.state}/${unit?.unit ?? ""}`}>
                <th scope="row">{unit ? `${pick(stay.title)} · ${pick(unit.unit_title)}` : pick(stay.title)}</th>
                <td class="number">{time_text(stay.median)}</td><td class="number">{time_text(stay.ninetieth)}</td><td class="number">{time_text(stay.limit)}</td>
                <td class="number">{stay.limited > 0 ? t("insight.late_of", { late: stay.late, limited: stay.limited }) : "–"}</td>
                <td class="number">{stay.waiting > 0 ? <a href={ledger_address(workflow, query)}>{stay.waiting}</a> : 0}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

export function Insights({ workflow }: { workflow: string }) {
  const insight = use_resource(workflow ? `board/insight/${workflow}` : null, (signal) => get_insight(workflow, signal));
  const slowest = [...(insight.value?.units ?? [])].sort((one, other) => (other.median ?? 0) - (one.median ?? 0)).slice(0, most_units);
  return (
    <section class="card stack">
      <div class="row apart">
        <h2>{t("insight.title")}</h2>
        {insight.value && (
          <a href={`/api/v1/reports/insight/${encodeURIComponent(workflow)}/diagram.svg?lang=${language.value}`}
            target="_blank" rel="noreferrer">{t("insight.diagram")}</a>
        )}
      </div>
      {!workflow && <p class="muted">{t("insight.choose")}</p>}
      {insight.problem && <Trouble problem={insight.problem} retry={insight.reload} />}
      {workflow && !insight.value && !insight.problem && <Loading />}
      {insight.value && insight.value.states.length === 0 && <Empty>{t("insight.none")}</Empty>}
      {insight.value && !insight.value.whole && <p class="muted">{t("insight.part")}</p>}
      {insight.value && insight.value.states.length > 0 && (
        <>
          <Rows workflow={workflow} title={t("insight.state")} stays={insight.value.states} />
          <details>
            <summary>{t("insight.units")}</summary>
            <Rows workflow={workflow} title={t("insight.unit")} stays={slowest} />
          </details>
        </>
      )}
    </section>
  );
}
