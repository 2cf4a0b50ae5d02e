// SPDX-License-Identifier: Apache-2.0
// A case's history, newest first: one entry for each command, its facts below it.
import { useEffect, useState } from "preact/hooks";
import type { Event } from "../api/contract";
import type { Definition } from "../api/definition";
import { person_name, unit_title } from "../state/directory";
import { date_time_of } from "../time";
import { t } from "../text";
import type { MessageKey } from "../text";
import { event_facts, event_headline } from "./event_text";

const kinds: Record<string, { title: MessageKey; types: readonly string[] | null }> = {
  all: { title: "timeline.all", types: null },
  steps: { title: "timeline.steps", types: ["opened", "transitioned", "migrated", "asked", "confirmed", "declined"] },
  words: { title: "timeline.words", types: ["commented", "fields_changed", "corrected"] },
  documents: { title: "timeline.documents", types: ["document_added", "exported_package"] },
  deadlines: {
    title: "timeline.deadlines",
    types: ["deadline_started", "deadline_paused", "deadline_resumed", "deadline_extended", "deadline_stopped",
      "deadline_reprojected", "rung_fired"],
  },
};

const shown_at_first = 12;

interface Command {
  revision: number;
  events: Event[];
}

function commands_of(events: readonly Event[]): Command[] {
  const commands: Command[] = [];
  for (const event of events) {
    const last = commands[commands.length - 1];
    if (last?.revision === event.revision) last.events.push(event);
    else commands.push({ revision: event.revision, events: [event] });
  }
  return commands.reverse();
}

export function actor_text(event: Event): string {
  const actor = event.actor as { person?: string; unit?: string; for?: string };
  if (!actor.person || actor.person === "system") return t("timeline.system");
  const name = [unit_title(actor.unit), person_name(actor.person)].filter(Boolean).join(" ");
  return actor.for ? t("timeline.stands_in", { name, absent: person_name(actor.for) }) : name;
}

export function Timeline({ events, definition }: { events: readonly Event[]; definition?: Definition }) {
  const [kind, set_kind] = useState("all");
  const [whole, set_whole] = useState(false);
  // Paper has no button to press: all of it is printed.
  useEffect(() => {
    const print = () => set_whole(true);
    window.addEventListener("beforeprint", print);
    return () => window.removeEventListener("beforeprint", print);
  }, []);
  const types = kinds[kind]!.types;
  const commands = commands_of(types ? events.filter((event) => types.includes(event.type)) : events);
  const shown = whole ? commands : commands.slice(0, shown_at_first);
  return (
    <section class="card" aria-labelledby="timeline-title">
      <h2 id="timeline-title">{t("case.history")}</h2>
      <div class="row no-print" role="group" aria-label={t("timeline.filter")}>
        {Object.entries(kinds).map(([name, { title }]) => (
          <button key={name} type="button" class="small" aria-pressed={kind === name} onClick={() => set_kind(name)}>{t(title)}</button>
        ))}
      </div>
      {commands.length === 0 && <p class="muted">{t("timeline.empty")}</p>}
      <ol class="plain timeline" reversed>
        {shown.map((command) => {
          const step = command.events.find((event) => ["opened", "transitioned", "confirmed"].includes(event.type));
          const main = step ?? command.events[0]!;
          const comment = command.events
            .map((event) => (event.body as { comment?: string }).comment).find((words) => words);
          return (
            <li key={command.revision} class={step ? "step" : ""}>
              <div class="row apart">
                <strong>{event_headline(main, definition)}</strong>
                <span class="muted nowrap">{date_time_of(main.at)}</span>
              </div>
              <div class="muted">{actor_text(main)}</div>
              {comment && <p class="words">{comment}</p>}
              <Facts events={command.events} main={main} definition={definition} />
            </li>
          );
        })}
      </ol>
      {shown.length < commands.length && (
        <button type="button" class="small no-print" onClick={() => set_whole(true)}>
          {t("timeline.whole", { count: commands.length - shown.length })}
        </button>
      )}
    </section>
  );
}

function Facts({ events, main, definition }: { events: readonly Event[]; main: Event; definition?: Definition }) {
  const facts = events.flatMap((event) => event_facts(event, definition, event === main));
  if (facts.length === 0) return null;
  return <ul>{facts.map((fact, index) => <li key={index}>{fact}</li>)}</ul>;
}
