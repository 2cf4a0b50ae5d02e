// SPDX-License-Identifier: Apache-2.0
import { useMemo } from "preact/hooks";
import { load_weeks } from "../../api/board_calls";
import type { Week } from "../../api/board_calls";
import { Chart } from "../../parts/chart";
import { Loading, Trouble } from "../../parts/trouble";
import { navigate } from "../../router";
import { use_resource } from "../../state/resource";
import { settings } from "../../state/settings";
import { t } from "../../text";
import { ledger_address } from "./numbers";

function addresses(workflow: string, week: Week): [opened: string, closed: string] {
  const opened = { opened_from: week.from, opened_to: week.to };
  const closed = { closed_from: week.from, closed_to: week.to };
  return [ledger_address(workflow, opened), ledger_address(workflow, closed)];
}

export function TwelveWeeks({ workflow }: { workflow: string }) {
  const loaded = use_resource(`board/weeks/${workflow}`, (signal) => load_weeks(workflow, signal));
  const weeks = loaded.value;
  const language = settings.value.language;
  const option = useMemo(() => (colour: (name: string) => string) => ({
    animation: false,
    textStyle: { color: colour("--text"), fontFamily: "inherit" },
    grid: { left: 36, right: 8, top: 34, bottom: 26 },
    legend: { top: 0, textStyle: { color: colour("--text") } },
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: { type: "category", data: weeks?.map((week) => week.from.slice(5)) ?? [], axisLabel: { color: colour("--muted") } },
    yAxis: { type: "value", minInterval: 1, axisLabel: { color: colour("--muted") }, splitLine: { lineStyle: { color: colour("--line") } } },
    series: [
      { name: t("board.opened"), type: "bar", data: weeks?.map((week) => week.opened) ?? [], itemStyle: { color: colour("--accent") } },
      {
        name: t("board.closed"), type: "bar", data: weeks?.map((week) => week.closed) ?? [],
        itemStyle: { color: colour("--green") },
      },
    ],
  }), [weeks, language]);
  return (
    <section class="card">
      <h2>{t("board.weeks")}</h2>
      {loaded.problem && <Trouble problem={loaded.problem} retry={loaded.reload} />}
      {!weeks && !loaded.problem && <Loading />}
      {weeks && (
        <>
          <Chart label={t("board.weeks_chart")} option={option}
            choose={(series, index) => weeks[index] && navigate(addresses(workflow, weeks[index]!)[series] ?? "/ledger")} />
          <details>
            <summary>{t("board.as_table")}</summary>
            <div class="scroll" tabIndex={0} role="region" aria-label={t("board.weeks")}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{t("board.week_from")}</th>
                    <th scope="col" class="number">{t("board.opened")}</th>
                    <th scope="col" class="number">{t("board.closed")}</th>
                  </tr>
                </thead>
                <tbody>
                  {[...weeks].reverse().map((week) => {
                    const [opened, closed] = addresses(workflow, week);
                    return (
                      <tr key={week.from}>
                        <th scope="row">{week.from}</th>
                        <td class="number"><a href={opened}>{week.opened}</a></td>
                        <td class="number"><a href={closed}>{week.closed}</a></td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            </div>
          </details>
          <p class="muted">{t("board.weeks_note")}</p>
        </>
      )}
    </section>
  );
}
