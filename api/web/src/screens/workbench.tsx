// SPDX-License-Identifier: Apache-2.0
// Where somebody begins the day: what is late, what is due, what waits for them, and what their role does most.
import { get_summary, list_cases, list_worklist } from "../api/calls";
import type { CasePage } from "../api/calls";
import { CaseList } from "../parts/case_list";
import { Icon } from "../parts/icon";
import { offered_routes } from "../parts/menu";
import { Empty, Loading, Trouble } from "../parts/trouble";
import { use_live } from "../state/live";
import { unsent_count } from "../state/counts";
import { workflows } from "../state/directory";
import { has_role, person } from "../state/session";
import { use_resource } from "../state/resource";
import { date_time_of } from "../time";
import { pick, t, t_or } from "../text";

const first_lines = 8;

function Tiles() {
  const summary = use_resource("workbench/summary", () => get_summary({ by: "workflow" }));
  use_live(summary.reload);
  if (summary.problem) return <Trouble problem={summary.problem} retry={summary.reload} />;
  const total = summary.value?.total;
  if (!total) return <Loading />;
  const tiles = [
    { light: "red", shape: "■", title: t("light.red"), number: total.red, to: "/ledger?light=red&final=false" },
    { light: "yellow", shape: "▲", title: t("light.yellow"), number: total.yellow, to: "/ledger?light=yellow&final=false" },
    { light: "green", shape: "●", title: t("light.green"), number: total.green, to: "/ledger?light=green&final=false" },
    { light: "grey", shape: "○", title: t("light.grey"), number: total.grey, to: "/ledger?light=grey&final=false" },
  ];
  return (
    <section aria-labelledby="numbers-title">
      <h2 class="hidden-text" id="numbers-title">{t("workbench.numbers")}</h2>
      <div class="tiles">
        {tiles.map((tile) => (
          <a key={tile.light} class="tile" href={tile.to}>
            <span class={`chip ${tile.light}`}><span aria-hidden="true">{tile.shape}</span>{tile.title}</span>
            <strong>{tile.number}</strong><span class="muted">{t("workbench.cases")}</span>
          </a>
        ))}
        <a class="tile" href="/ledger?final=true">
          <span class="chip">{t("light.final")}</span>
          <strong>{total.closing_rate === null ? "–" : `${Math.round(total.closing_rate * 1000) / 10}%`}</strong>
          <span class="muted">{t("workbench.rate", { closed: total.closed, all: total.closed + total.open })}</span>
        </a>
      </div>
      <p class="muted">{t("workbench.as_of", { time: date_time_of(summary.value!.at) })}</p>
    </section>
  );
}

interface FirstLinesProps {
  name: string;
  title: string;
  // The whole list.
  to: string;
  nothing: string;
  load: (signal: AbortSignal) => Promise<CasePage>;
}

function FirstLines({ name, title, to, nothing, load }: FirstLinesProps) {
  const list = use_resource(`workbench/${name}`, load);
  use_live(list.reload);
  return (
    <div class="stack">
      <div class="row apart"><h2 id={`${name}-title`}>{title}</h2><a href={to}>{t("workbench.all_of", { title })}</a></div>
      {list.problem && <Trouble problem={list.problem} retry={list.reload} />}
      {!list.value && !list.problem && <Loading />}
      {list.value?.items.length === 0 && <Empty>{nothing}</Empty>}
      {list.value && list.value.items.length > 0 && <CaseList lines={list.value.items} caption={title} />}
    </div>
  );
}

function Shortcuts() {
  const offered = offered_routes().filter((route) => !["/", "/worklist", "/settings", "/help"].includes(route.pattern));
  const openable = workflows.value.filter((workflow) => workflow.may_open);
  return (
    <>
      <section class="card stack" aria-labelledby="shortcuts-title">
        <h2 id="shortcuts-title">{t("workbench.shortcuts")}</h2>
        {unsent_count.value > 0 && <p class="told"><a href="/drafts">{t("shell.unsent", { count: unsent_count.value })}</a></p>}
        <div class="row">
          {offered.map((route) => (
            <a key={route.pattern} class="button" href={route.pattern}><Icon name={route.icon!} size={18} />{t(route.title)}</a>
          ))}
        </div>
      </section>
      {openable.length > 0 && (
        <section class="card stack" aria-labelledby="open-title">
          <h2 id="open-title">{t("screen.open_case")}</h2>
          <div class="row">
            {openable.map((workflow) => (
              <a key={workflow.id} class="button" href={`/open/${workflow.id}`}>{pick(workflow.title, workflow.id)}</a>
            ))}
          </div>
        </section>
      )}
    </>
  );
}

export default function Workbench() {
  const known = person.value!;
  const roles = known.roles.map((role) => t_or(`role.${role}`, role)).join(t("text.and"));
  // Who works on the riverbank reports first; who watches over others sees first what is late.
  const reports = has_role("inspector");
  const watches = has_role("supervisor", "dept_head", "district_leader", "auditor", "discipline_officer");
  return (
    <div class="stack">
      <div class="head">
        <h1>{t("screen.workbench")}</h1>
        <span class="muted">{pick(known.unit_title)} · {roles}</span>
      </div>
      <Tiles />
      {reports && <Shortcuts />}
      <FirstLines name="waiting" title={t("screen.worklist")} to="/worklist" nothing={t("worklist.empty")}
        load={(signal) => list_worklist({ limit: first_lines }, signal)} />
      {watches && (
        <FirstLines name="overdue" title={t("workbench.overdue")} to="/ledger?light=red&final=false" nothing={t("workbench.none_overdue")}
          load={(signal) => list_cases({ light: "red", final: false, limit: first_lines }, signal)} />
      )}
      {has_role("inspector", "intake_clerk") && (
        <FirstLines name="opened" title={t("screen.opened")} to="/opened" nothing={t("opened.empty")}
          load={(signal) => list_cases({ opener: "me", limit: first_lines }, signal)} />
      )}
      {!reports && <Shortcuts />}
    </div>
  );
}
