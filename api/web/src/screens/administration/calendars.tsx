// SPDX-License-Identifier: Apache-2.0
// By which days deadlines count: what was announced for each year, and which workflows count by it.
import { get } from "../../api/client";
import type { Calendar, CalendarYear, NamedDay, Text } from "../../api/contract";
import { Loading, Trouble } from "../../parts/trouble";
import { workflow_title, workflows } from "../../state/directory";
import { use_resource } from "../../state/resource";
import { day_shown } from "../../time";
import { pick, t } from "../../text";

const day = 86_400_000;

// Days that follow each other, as "from – to".
function ranges_of(days: readonly NamedDay[]): string {
  const ranges: Array<[from: string, to: string]> = [];
  for (const { date } of days) {
    const last = ranges[ranges.length - 1];
    if (last && Date.parse(date) - Date.parse(last[1]) === day) last[1] = date;
    else ranges.push([date, date]);
  }
  return ranges.map(([from, to]) => (from === to ? day_shown(from) : `${day_shown(from)} – ${day_shown(to)}`)).join(t("text.and"));
}

function Year({ announced }: { announced: CalendarYear }) {
  const { year, notice, days_off, working_days } = announced;
  const titles = [...new Map([...days_off, ...working_days].map((one) => [one.title.zh, one.title])).values()];
  const of = (days: readonly NamedDay[], title: Text) => ranges_of(days.filter((one) => one.title.zh === title.zh));
  return (
    <section class="stack">
      <h3>{year}</h3>
      <p class="muted">
        {notice.url ? <a href={notice.url} target="_blank" rel="noopener noreferrer">{pick(notice.title)}</a> : pick(notice.title)}
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label={t("calendar.of_year", { year })}>
        <table>
          <caption class="hidden-text">{t("calendar.of_year", { year })}</caption>
          <thead>
            <tr><th scope="col">{t("calendar.holiday")}</th><th scope="col">{t("calendar.days_off")}</th><th scope="col">{t("calendar.working_days")}</th></tr>
          </thead>
          <tbody>
            {titles.map((title) => (
              <tr key={title.zh}><th scope="row">{pick(title)}</th><td>{of(days_off, title)}</td><td>{of(working_days, title)}</td></tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function OneCalendar({ id }: { id: string }) {
  const loaded = use_resource(`administration/calendar/${id}`, (signal) =>
    get<Calendar>(`/api/v1/calendars/${encodeURIComponent(id)}`, undefined, signal));
  if (loaded.problem) return <Trouble problem={loaded.problem} retry={loaded.reload} />;
  const calendar = loaded.value;
  if (!calendar) return <Loading />;
  return (
    <section class="card stack">
      <h2>{pick(calendar.title, id)}</h2>
      <p>
        {calendar.announced_until === null ? t("calendar.nothing_announced") : t("calendar.announced_until", { year: calendar.announced_until })}{" "}
        {t("administration.calendar_note")}
      </p>
      <p class="muted">{t("calendar.used_by", { workflows: calendar.workflows.map(workflow_title).join(t("text.and")) })}</p>
      {[...calendar.years].reverse().map((announced) => <Year key={announced.year} announced={announced} />)}
    </section>
  );
}

export function Calendars() {
  const ids = [...new Set(workflows.value.map((line) => line.calendar))];
  return <>{ids.map((id) => <OneCalendar key={id} id={id} />)}</>;
}
