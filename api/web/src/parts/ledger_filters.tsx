// SPDX-License-Identifier: Apache-2.0
// The ledger's filters; they live in the address, so that a list can be sent, kept and gone back to.
import type { ComponentChildren } from "preact";
import { offers } from "../api/calls";
import { address, change_query, navigate } from "../router";
import { definition_of, workflows } from "../state/directory";
import { phone } from "../state/screen_size";
import { pick, t } from "../text";
import { end_of_day } from "../time";
import { filter_names } from "./filter_texts";
import { sorts } from "./ledger_sorts";
import { UnitSelect } from "./unit_select";

const lights = ["red", "yellow", "green", "grey"] as const;
// Shown only when asked for, unless one of them is set.
const rare = ["reached", "due_before", "opened_from", "opened_to", "closed_from", "closed_to", "opener", "handled_by", "sort", "unit"];
// A day that a list goes up to is in it.
const up_to = ["opened_to", "closed_to"];

const known = (name: string) => offers("GET /api/v1/cases", name);

// What the server is asked: the filters of the address that its contract has.
export function filter_query(workflow: string, query: URLSearchParams): Record<string, string> {
  const asked: Record<string, string> = {};
  if (workflow) asked.workflow = workflow;
  for (const [name, value] of query) {
    if (!value || name === "workflow" || name === "cursor" || !known(name)) continue;
    asked[name] = up_to.includes(name) && value.length === 10 ? end_of_day(value) : value;
  }
  return asked;
}

function Choice({ name, label, options }: { name: string; label: string; options: ReadonlyArray<[string, string]> }) {
  const id = `filter-${name}`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={address.value.query.get(name) ?? ""}
        onChange={(event) => change_query({ [name]: event.currentTarget.value }, { replace: true })}>
        {options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
      </select>
    </div>
  );
}

function Day({ name, label }: { name: string; label: string }) {
  const id = `filter-${name}`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} type="date" value={(address.value.query.get(name) ?? "").slice(0, 10)}
        onChange={(event) => change_query({ [name]: event.currentTarget.value }, { replace: true })} />
    </div>
  );
}

function WorkflowChoice({ workflow }: { workflow: string }) {
  return (
    <div class="field">
      <label for="filter-workflow">{t("column.workflow")}</label>
      <select id="filter-workflow" value={workflow} onChange={(event) => {
        const query = new URLSearchParams(address.value.query);
        query.delete("state");
        query.delete("reached");
        const text = query.toString();
        const chosen = event.currentTarget.value;
        navigate((chosen ? `/ledger/${chosen}` : "/ledger") + (text ? `?${text}` : ""));
      }}>
        <option value="">{t("ledger.all")}</option>
        {workflows.value.map((line) => <option key={line.id} value={line.id}>{pick(line.title, line.id)}</option>)}
      </select>
    </div>
  );
}

// On a phone the list comes first.
function Folded({ folded, open, children }: { folded: boolean; open: boolean; children: ComponentChildren }) {
  if (!folded) return <>{children}</>;
  return <details open={open}><summary>{t("ledger.filters")}</summary>{children}</details>;
}

export function LedgerFilters({ workflow }: { workflow: string }) {
  const query = address.value.query;
  const definition = workflow ? definition_of(workflow) : undefined;
  const states = Object.entries(definition?.states ?? {}).map(([id, state]): [string, string] => [id, pick(state.title, id)]);
  const filtered = filter_names.some((name) => query.has(name));
  const all: [string, string] = ["", t("ledger.all")];
  const more = rare.some((name) => query.has(name));
  const ever = [...states];
  const chosen_state = query.get("state") ?? "";
  // A link may ask for several states at once.
  if (chosen_state.includes(",")) {
    states.push([chosen_state, chosen_state.split(",").map((id) => pick(definition?.states[id]?.title, id)).join(t("text.and"))]);
  }
  return (
    <form class="no-print" onSubmit={(event) => event.preventDefault()} aria-label={t("ledger.filters")}>
      <Folded folded={phone.value} open={filtered}>
      <div class="filters">
        <WorkflowChoice workflow={workflow} />
        {workflow && <Choice name="state" label={t("column.state")} options={[all, ...states]} />}
        <Choice name="light" label={t("column.light")}
          options={[all, ...lights.map((light): [string, string] => [light, t(`light.${light}`)])]} />
        <Choice name="final" label={t("ledger.closed")}
          options={[all, ["false", t("ledger.only_open")], ["true", t("ledger.only_closed")]]} />
        <div class="field">
          <label for="filter-q">{t("ledger.words")}</label>
          <input id="filter-q" type="search" maxLength={60} value={query.get("q") ?? ""}
            onChange={(event) => change_query({ q: event.currentTarget.value.trim() }, { replace: true })} />
        </div>
        {filtered && <button type="button" class="quiet" onClick={() => navigate(address.value.path)}>{t("ledger.clear")}</button>}
      </div>
      <details open={more}>
        <summary>{t("ledger.more_filters")}</summary>
        <div class="filters">
          {workflow && <Choice name="reached" label={t("ledger.reached")} options={[all, ...ever]} />}
          <div class="field">
            <label for="filter-unit">{t("ledger.unit")}</label>
            <UnitSelect id="filter-unit" value={query.get("unit") ?? ""} nothing={t("ledger.all")}
              change={(unit) => change_query({ unit: unit ?? "" }, { replace: true })} />
          </div>
          <Day name="due_before" label={t("ledger.due_before")} />
          <Day name="opened_from" label={t("ledger.opened_from")} />
          <Day name="opened_to" label={t("ledger.opened_to")} />
          <Day name="closed_from" label={t("ledger.closed_from")} />
          <Day name="closed_to" label={t("ledger.closed_to")} />
          <Choice name="opener" label={t("ledger.opener")} options={[all, ["me", t("ledger.by_me")]]} />
          <Choice name="handled_by" label={t("ledger.handler")} options={[all, ["me", t("ledger.by_me")]]} />
          <Choice name="sort" label={t("ledger.sort")} options={sorts.map(([value, key]): [string, string] => [value, t(key)])} />
        </div>
      </details>
      </Folded>
    </form>
  );
}
