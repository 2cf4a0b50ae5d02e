// SPDX-License-Identifier: Apache-2.0
// Every running deadline of a case with how far it has gone, and how its due day came about.
import { useState } from "preact/hooks";
import type { Case, Deadline, Explanation } from "../api/contract";
import { explain_deadline } from "../api/calls";
import { unit_title } from "../state/directory";
import { use_resource } from "../state/resource";
import { date_of, date_time_of, day_shown } from "../time";
import { pick, t } from "../text";
import { DeadlineLight } from "./light";
import { Loading, Trouble } from "./trouble";

function share_used(deadline: Deadline): number {
  const start = Date.parse(deadline.started);
  const end = Date.parse(deadline.due);
  if (end <= start) return 100;
  return Math.max(0, Math.min(100, Math.round(((Date.now() - start) / (end - start)) * 100)));
}

function Days({ days }: { days: Explanation["days"] }) {
  return (
    <ol class="days">
      {days.map((one) => (
        <li key={one.date} class={one.counted ? "" : "rest"}>
          {one.counted ? <strong>{one.number ?? "·"}</strong> : <span aria-hidden="true">–</span>} {day_shown(one.date)}
          {!one.counted && <> <span>{pick(one.reason, t("deadline.not_counted"))}</span></>}
        </li>
      ))}
    </ol>
  );
}

export function HowComputed({ subject, name }: { subject: string; name: string }) {
  const explanation = use_resource(`case/${subject}/deadline/${name}`, () => explain_deadline(subject, name));
  if (explanation.problem) return <Trouble problem={explanation.problem} retry={explanation.reload} />;
  const told = explanation.value;
  if (!told) return <Loading />;
  const rule = told.rule as { text?: { zh: string; en: string } } | undefined;
  const sources = (told as { basis?: Deadline["basis"] }).basis ?? [];
  const note = (told as { note?: { zh: string; en: string } | null }).note;
  return (
    <div class="stack">
      <dl class="pairs">
        <dt>{t("deadline.rule")}</dt><dd>{pick(rule?.text)}</dd>
        {told.from && <><dt>{t("deadline.from")}</dt><dd>{date_time_of(told.from)}</dd></>}
        <dt>{t("deadline.due")}</dt><dd>{date_time_of(told.due)}</dd>
      </dl>
      {note && <p>{pick(note)}</p>}
      {(told.notes ?? []).length > 0 && <ul>{told.notes!.map((one, index) => <li key={index}>{pick(one)}</li>)}</ul>}
      {told.days.length > 0 && <Days days={told.days} />}
      {sources.length > 0 && (
        <div>
          <h3>{t("deadline.sources")}</h3>
          <ul>
            {sources.map((source) => (
              <li key={source.id}>
                {source.source} {source.article} {!source.verified && <span class="chip">{t("deadline.unverified")}</span>}
              </li>
            ))}
          </ul>
        </div>
      )}
      {(told.notices ?? []).length > 0 && (
        <p class="muted">
          {t("deadline.calendar")}{" "}
          {(told.notices as Array<{ title: { zh: string; en: string } }>).map((notice) => pick(notice.title)).join(t("text.and"))}
        </p>
      )}
    </div>
  );
}

function Strip({ subject, deadline }: { subject: Case; deadline: Deadline }) {
  const [open, set_open] = useState(false);
  const used = share_used(deadline);
  return (
    <li>
      <div class="row apart">
        <span class="row">
          <strong>{pick(deadline.title, deadline.name)}</strong><DeadlineLight deadline={deadline} />
          {deadline.provisional && <span class="chip blue">{t("deadline.provisional")}</span>}
        </span>
        <span class="muted">{unit_title(deadline.owner)}</span>
      </div>
      {deadline.state === "running" && (
        <div class={`bar ${deadline.light}`} role="img" aria-label={t("deadline.used", { percent: used })}>
          <span style={{ width: `${used}%` }} />
        </div>
      )}
      <div class="row apart muted">
        <span>{t("deadline.started", { date: date_of(deadline.started) })}</span>
        <span>
          {t("deadline.until", { date: date_time_of(deadline.due) })}
          {deadline.hard_due && ` · ${t("deadline.hard", { date: date_time_of(deadline.hard_due) })}`}
        </span>
      </div>
      {deadline.extensions.length > 0 && (
        <p class="muted">{deadline.extensions.map((one) => t("deadline.extended", { at: date_of(one.at), until: one.until })).join(" ")}</p>
      )}
      <details class="no-print" onToggle={(event) => set_open(event.currentTarget.open)}>
        <summary>{t("deadline.how")}</summary>
        {open && <HowComputed subject={subject.id} name={deadline.name} />}
      </details>
    </li>
  );
}

export function DeadlineStrip({ subject }: { subject: Case }) {
  const order = { running: 0, paused: 1, stopped: 2 };
  const sorted = [...subject.deadlines].sort((left, right) =>
    order[left.state] - order[right.state] || Date.parse(left.due) - Date.parse(right.due));
  const live = sorted.filter((deadline) => deadline.state !== "stopped");
  const stopped = sorted.filter((deadline) => deadline.state === "stopped");
  return (
    <section class="card" aria-labelledby="deadlines-title">
      <h2 id="deadlines-title">{t("case.deadlines")}</h2>
      {live.length === 0 && <p class="muted">{t("deadline.none_running")}</p>}
      <ul class="plain strip">{live.map((deadline) => <Strip key={deadline.name} subject={subject} deadline={deadline} />)}</ul>
      {stopped.length > 0 && (
        <details>
          <summary>{t("deadline.past", { count: stopped.length })}</summary>
          <div class="scroll" tabIndex={0} role="region" aria-label={t("deadline.past", { count: stopped.length })}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t("case.deadline")}</th><th scope="col">{t("deadline.owner")}</th>
                  <th scope="col">{t("deadline.due")}</th><th scope="col">{t("deadline.stopped_at")}</th>
                  <th scope="col">{t("deadline.in_time")}</th>
                </tr>
              </thead>
              <tbody>
                {stopped.map((deadline) => (
                  <tr key={deadline.name}>
                    <td>{pick(deadline.title, deadline.name)}</td><td>{unit_title(deadline.owner)}</td>
                    <td class="nowrap">{date_time_of(deadline.due)}</td>
                    <td class="nowrap">{deadline.stopped ? date_time_of(deadline.stopped) : ""}</td>
                    <td>{deadline.stopped && deadline.stopped > deadline.due ? t("deadline.was_late") : t("deadline.was_in_time")}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </section>
  );
}
