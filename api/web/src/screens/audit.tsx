// SPDX-License-Identifier: Apache-2.0
// Who looked at what, and when. Reading it is on record as well.
import { useState } from "preact/hooks";
import { get } from "../api/client";
import type { AuditEvent, AuditKind } from "../api/contract";
import type { Paged } from "../api/calls";
import { as_problem } from "../api/problem";
import { Field } from "../parts/field";
import { filter_value } from "../parts/filter_texts";
import { Empty, Loading, Trouble } from "../parts/trouble";
import { address, change_query, navigate } from "../router";
import { person_name, unit_title, workflow_title } from "../state/directory";
import { notify } from "../state/notice";
import { use_resource } from "../state/resource";
import { date_time_of } from "../time";
import { t, t_or } from "../text";

const kinds: readonly AuditKind[] = [
  "case_viewed", "history_viewed", "deadline_explained", "diagram_viewed", "attachment_downloaded", "cases_listed", "cases_searched",
  "worklist_viewed", "report_viewed", "exported", "printed", "signed_in", "sign_in_failed", "signed_out", "administration_changed",
  "audit_read", "audit_purged",
];
const filters = ["person", "case", "kind", "from", "to"] as const;

const load = (query: Record<string, string>, signal?: AbortSignal) => get<Paged<AuditEvent>>("/api/v1/audit-events", query, signal);

// Values of a detail that are the names of something else.
const named: Record<string, (value: string) => string> = {
  what: (value) => t_or(`audit_what.${value}`, value),
  person: person_name,
  absent: person_name,
  substitute: person_name,
  given: (value) => t_or(`role.${value}`, value),
  taken: (value) => t_or(`role.${value}`, value),
  unit: unit_title,
  workflow: workflow_title,
  light: (value) => t_or(`light.${value}`, value),
  by: (value) => t_or(`audit_by.${value}`, value),
  count: () => t("field.yes"),
  opener: () => t("audit.self"),
  handled_by: () => t("audit.self"),
};

function value_text(name: string, value: unknown, workflow = ""): string {
  if (Array.isArray(value)) return value.map((one) => value_text(name, one, workflow)).join(t("text.and"));
  if (value === null) return t("audit.nothing");
  if (typeof value === "boolean" || value === "true" || value === "false") return String(value) === "true" ? t("field.yes") : t("field.no");
  return named[name]?.(String(value)) ?? filter_value(name, String(value), workflow) ?? String(value);
}

function detail_text(detail: Record<string, unknown>): string {
  return Object.entries(detail)
    .map(([name, value]) => {
      const title = t_or(`audit_detail.${name}`, name);
      if (typeof value !== "object" || value === null || Array.isArray(value)) return `${title}${t("text.colon")}${value_text(name, value)}`;
      const workflow = String((value as Record<string, unknown>).workflow ?? "");
      const parts = Object.entries(value).map(([key, one]) => `${t_or(`audit_detail.${key}`, key)} ${value_text(key, one, workflow)}`);
      return parts.length > 0 ? `${title}${t("text.colon")}${parts.join(t("text.and"))}` : "";
    })
    .filter(Boolean)
    .join(" · ");
}

function Row({ event }: { event: AuditEvent }) {
  return (
    <tr>
      <td class="number" data-label={t("audit.sequence")}>{event.sequence}</td>
      <td class="nowrap" data-label={t("audit.at")}>{date_time_of(event.at)}</td>
      <td class="nowrap" data-label={t("audit.kind")}>{t_or(`audit_kind.${event.kind}`, event.kind)}</td>
      <td class="unit" data-label={t("audit.person")}>
        {event.person && <a href={`/audit?person=${encodeURIComponent(event.person)}`}>{person_name(event.person)}</a>}
        {event.unit && <div class="muted">{unit_title(event.unit)}</div>}
      </td>
      <td data-label={t("audit.case")}>{event.case && <a class="mono" href={`/audit?case=${encodeURIComponent(event.case)}`}>{event.case.slice(0, 13)}…</a>}</td>
      <td class="nowrap" data-label={t("audit.address")}>{event.address}</td>
      <td data-label={t("audit.detail")}>{detail_text(event.detail)}</td>
    </tr>
  );
}

function Filters({ query }: { query: URLSearchParams }) {
  const set = (name: string) => (event: { currentTarget: HTMLInputElement | HTMLSelectElement }) =>
    change_query({ [name]: event.currentTarget.value.trim() }, { replace: true });
  return (
    <form class="filters no-print" aria-label={t("ledger.filters")} onSubmit={(event) => event.preventDefault()}>
      <Field id="audit-kind" label={t("audit.kind")}>
        <select id="audit-kind" value={query.get("kind") ?? ""} onChange={set("kind")}>
          <option value="">{t("ledger.all")}</option>
          {kinds.map((kind) => <option key={kind} value={kind}>{t_or(`audit_kind.${kind}`, kind)}</option>)}
        </select>
      </Field>
      <Field id="audit-person" label={t("audit.person")}>
        <input id="audit-person" value={query.get("person") ?? ""} maxLength={64} autoCapitalize="none" onChange={set("person")} />
      </Field>
      <Field id="audit-case" label={t("audit.case")}>
        <input id="audit-case" value={query.get("case") ?? ""} maxLength={64} autoCapitalize="none" onChange={set("case")} />
      </Field>
      <Field id="audit-from" label={t("audit.from")}>
        <input id="audit-from" type="date" value={query.get("from") ?? ""} onChange={set("from")} />
      </Field>
      <Field id="audit-to" label={t("audit.to")}>
        <input id="audit-to" type="date" value={query.get("to") ?? ""} onChange={set("to")} />
      </Field>
      {filters.some((name) => query.has(name)) && (
        <button type="button" class="quiet" onClick={() => navigate("/audit")}>{t("ledger.clear")}</button>
      )}
    </form>
  );
}

export default function Audit() {
  const query = address.value.query;
  const asked = Object.fromEntries(filters.flatMap((name) => (query.get(name) ? [[name, query.get(name)!]] : [])));
  const page = use_resource(`audit?${new URLSearchParams(asked).toString()}`, (signal) => load({ ...asked, limit: "50" }, signal));
  const [busy, set_busy] = useState(false);
  const events = page.value?.items;
  const more = async () => {
    set_busy(true);
    try {
      const next = await load({ ...asked, limit: "50", cursor: page.value!.next_cursor! });
      page.set({ ...next, items: [...page.value!.items, ...next.items] });
    } catch (fault) {
      notify(as_problem(fault).message, "failed");
    }
    set_busy(false);
  };
  const chosen_case = query.get("case");
  return (
    <>
      <div class="head">
        <h1>{t("screen.audit")}</h1>
        {chosen_case && <a class="button" href={`/case/${encodeURIComponent(chosen_case)}`}>{t("pane.whole")}</a>}
      </div>
      <p class="muted">{t("audit.on_record")}</p>
      <Filters query={query} />
      {page.problem && <Trouble problem={page.problem} retry={page.reload} />}
      {!events && !page.problem && <Loading />}
      {events?.length === 0 && <Empty>{t("audit.empty")}</Empty>}
      {events && events.length > 0 && (
        <>
          <div class="scroll" tabIndex={0} role="region" aria-label={t("audit.table")}>
            <table class="stacked">
              <caption class="hidden-text">{t("audit.table")}</caption>
              <thead>
                <tr>
                  <th scope="col" class="number">{t("audit.sequence")}</th><th scope="col">{t("audit.at")}</th><th scope="col">{t("audit.kind")}</th>
                  <th scope="col">{t("audit.person")}</th><th scope="col">{t("audit.case")}</th><th scope="col">{t("audit.address")}</th>
                  <th scope="col">{t("audit.detail")}</th>
                </tr>
              </thead>
              <tbody>{events.map((event) => <Row key={event.sequence} event={event} />)}</tbody>
            </table>
          </div>
          {page.value?.next_cursor && <p><button type="button" disabled={busy} onClick={() => void more()}>{t("list.more")}</button></p>}
        </>
      )}
    </>
  );
}
