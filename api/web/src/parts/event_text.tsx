// SPDX-License-Identifier: Apache-2.0
// What an event of a history says, in words.
import type { ComponentChildren } from "preact";
import type { Event, Text } from "../api/contract";
import { attachment_address } from "../api/calls";
import type { Definition } from "../api/definition";
import { definition_of, person_name, unit_title, workflow_title } from "../state/directory";
import { date_time_of } from "../time";
import { pick, t, t_or } from "../text";
import { field_text } from "./field_text";

interface Body {
  state?: string;
  from?: string;
  transition?: string;
  action?: string;
  deadline?: string;
  due?: string;
  late?: boolean;
  rung?: string;
  notify?: string[];
  fields?: Record<string, unknown>;
  before?: Record<string, unknown>;
  party?: string;
  holders?: Array<{ unit: string; person: string }>;
  kind?: string;
  name?: string;
  sha256?: string;
  link?: string;
  case?: string;
  workflow?: string;
  until?: string;
  reason?: string;
  not_opened?: Array<{ workflow: string; link: string; because: string; text: Text }>;
}

export function action_title(name: string | undefined, definition?: Definition): string {
  if (!name) return "";
  return pick(definition?.transitions[name]?.title ?? definition?.actions?.[name]?.title, t_or(`action_name.${name}`, name));
}

function state_title(state: string | undefined, definition?: Definition): string {
  return state ? pick(definition?.states[state]?.title, state) : "";
}

function deadline_title(body: Body, definition?: Definition): string {
  return body.deadline ? pick(definition?.deadlines[body.deadline]?.title, body.deadline) : "";
}

// The first line of an entry.
export function event_headline(event: Event, definition?: Definition): string {
  const body = event.body as Body;
  switch (event.type) {
    case "opened": return t("event.opened");
    case "transitioned": {
      const title = action_title(body.transition, definition);
      if (body.from === body.state) return title;
      return t("event.transitioned", { action: title, state: state_title(body.state, definition) });
    }
    case "asked": return t("event.asked", { action: action_title(body.action, definition) });
    case "confirmed": return t("event.confirmed", { action: action_title(body.action, definition) });
    case "declined": return t("event.declined", { action: action_title(body.action, definition) });
    case "rung_fired": return t("event.rung_fired", { deadline: deadline_title(body, definition) });
    default: return t_or(`event.${event.type}`, event.type, { deadline: deadline_title(body, definition) });
  }
}

function changed_fields(body: Body, definition?: Definition): ComponentChildren[] {
  return Object.entries(body.fields ?? {}).map(([name, value]) => {
    const rule = definition?.fields[name];
    const before = field_text(rule, body.before?.[name]);
    const after = field_text(rule, value);
    const title = pick(rule?.title, name);
    return before ? t("event.field_changed", { title, before, after }) : t("event.field_set", { title, after });
  });
}

function linked(body: Body): ComponentChildren {
  const other = body.workflow ? definition_of(body.workflow) : undefined;
  const name = body.workflow ? workflow_title(body.workflow) : (body.link ?? "");
  const text = t("event.linked_state", { name, state: state_title(body.state, other) });
  return body.case ? <a href={`/case/${body.case}`}>{text}</a> : text;
}

// The lines below it. `is_main`: its headline stands above already.
export function event_facts(event: Event, definition: Definition | undefined, is_main: boolean): ComponentChildren[] {
  return [...facts_of(event, definition, is_main), ...not_opened(event.body as Body)];
}

// What an escalation wanted to open, and why it could not.
function not_opened(body: Body): ComponentChildren[] {
  return (body.not_opened ?? []).map((one) =>
    <strong>{t("event.not_opened", { workflow: workflow_title(one.workflow), because: pick(one.text, one.because) })}</strong>);
}

function facts_of(event: Event, definition: Definition | undefined, is_main: boolean): ComponentChildren[] {
  const body = event.body as Body;
  switch (event.type) {
    case "opened":
    case "fields_changed":
    case "corrected":
      return changed_fields(body, definition);
    case "document_added": {
      const kind = pick(definition?.documents[body.kind ?? ""]?.title, body.kind);
      if (!body.sha256) return [kind];
      return [<>{kind}{t("text.colon")}<a href={attachment_address(body.sha256)} target="_blank" rel="noopener">{body.name}</a></>];
    }
    case "party_changed":
      return [t("event.party", {
        party: pick(definition?.parties[body.party ?? ""]?.title, body.party),
        units: (body.holders ?? []).map((holder) => [unit_title(holder.unit), person_name(holder.person)].filter(Boolean).join(" ")).join(t("text.and")) || t("event.nobody"),
      })];
    case "deadline_started":
    case "deadline_resumed":
    case "deadline_reprojected":
    case "deadline_extended":
      return [t(`event.fact.${event.type}`, { deadline: deadline_title(body, definition), due: body.due ? date_time_of(body.due) : (body.until ?? "") })];
    case "deadline_stopped":
      return [t(body.late ? "event.fact.stopped_late" : "event.fact.stopped", { deadline: deadline_title(body, definition) })];
    case "deadline_paused":
      return [t("event.fact.deadline_paused", { deadline: deadline_title(body, definition) })];
    case "rung_fired":
      return [t("event.fact.rung", {
        rung: t_or(`rung.${(body.rung ?? "").replace(/-\d+$/, "")}`, body.rung ?? ""),
        parties: (body.notify ?? []).map((party) => pick(definition?.parties[party]?.title, party)).join(t("text.and")),
      })];
    case "linked":
    case "link_changed":
      return [linked(body)];
    case "declined":
      return body.reason ? [body.reason] : [];
    default:
      return is_main ? [] : [event_headline(event, definition)].filter(() => event.type !== "commented");
  }
}
