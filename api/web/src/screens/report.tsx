// SPDX-License-Identifier: Apache-2.0
// The report from the riverbank: one screen, everything but a photo or a few words may be left out, and nothing of it
// needs a network.
import { useEffect, useState } from "preact/hooks";
import { list_issues_near, list_latest_issues, middle_of_neighbourhood } from "../api/place_calls";
import { distance_text, metres_between, point_of } from "../geo";
import type { Point } from "../geo";
import { flush, queue_report } from "../offline/outbox";
import { is_empty, report_workflow } from "../offline/report";
import type { Report } from "../offline/report";
import { put_report } from "../offline/store";
import { use_report } from "../offline/use_report";
import { ErrorList } from "../parts/error_list";
import { Field } from "../parts/field";
import { Loading } from "../parts/trouble";
import { address, navigate } from "../router";
import { definition_of } from "../state/directory";
import { use_resource } from "../state/resource";
import { date_time_of } from "../time";
import { pick, t } from "../text";
import { PhotoRow } from "./report/photo_row";
import { PlaceRow } from "./report/place_row";

const near = 50;
const neighbourhood = 3_000;
const most_similar = 20;

function use_online(): boolean {
  const [online, set_online] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => set_online(navigator.onLine);
    window.addEventListener("online", look);
    window.addEventListener("offline", look);
    return () => {
      window.removeEventListener("online", look);
      window.removeEventListener("offline", look);
    };
  }, []);
  return online;
}

// What is open around here, and what of it is at this very spot. With no network the spot is looked for in what was
// fetched of the neighbourhood before.
function use_open_issues(point: Point | undefined) {
  const middle = point && middle_of_neighbourhood(point);
  const around = use_resource(middle ? `report/around/${middle.latitude},${middle.longitude}` : "nearby/latest", (signal) =>
    middle ? list_issues_near(middle, neighbourhood, undefined, signal) : list_latest_issues(signal));
  const spot = use_resource(point ? `report/spot/${point.latitude},${point.longitude}` : null, (signal) =>
    list_issues_near(point!, near, most_similar, signal));
  const all = around.value?.items ?? [];
  const close = point && (spot.value?.items
    ?? all.map((one) => ({ ...one, metres: metres_between(point, one.point) })).filter((one) => one.metres <= near)
      .sort((left, right) => left.metres - right.metres));
  return { all, similar: close ?? [] };
}

interface ChoiceProps {
  name: "category" | "level";
  report: Report;
  change: (changed: Partial<Report>) => void;
}

// Drawn from the definition; without a network it is the one kept from the last visit, or there is no such question.
function Choice({ name, report, change }: ChoiceProps) {
  const rule = definition_of(report_workflow)?.fields[name];
  if (!rule?.choices) return null;
  return (
    <Field id={`report-${name}`} label={pick(rule.title)} group>
      <div class="choices">
        {Object.entries(rule.choices).map(([key, title]) => (
          <label key={key}>
            <input type="radio" name={`report-${name}`} checked={report[name] === key} onChange={() => change({ [name]: key })}
              onClick={() => report[name] === key && change({ [name]: undefined })} />
            {pick(title, key)}
          </label>
        ))}
      </div>
    </Field>
  );
}

function Saved({ saved }: { saved: string | null | undefined }) {
  const text = saved === null ? t("form.not_saved") : saved ? t("form.saved", { time: date_time_of(saved).slice(11) }) : "";
  return <span class="saved" role="status">{text}</span>;
}

export default function ReportScreen() {
  const form = use_report(address.value.query.get("draft"));
  const [empty_told, set_empty_told] = useState(false);
  const [busy, set_busy] = useState(false);
  const online = use_online();
  const { all, similar } = use_open_issues(point_of(form.report?.place));
  const { report, photos, change } = form;
  if (!report) return <Loading />;

  const points = all.map(({ line, point: at }) => ({ ...at, id: line.id, title: line.title || line.number, light: line.light }));
  const nothing = photos.length === 0 && !report.problem.trim();

  const put_aside = async () => {
    set_busy(true);
    const settled = await form.settle();
    if (!is_empty(settled)) await put_report({ ...settled, aside: true });
    navigate("/drafts");
  };
  const send = async (event: Event) => {
    event.preventDefault();
    set_empty_told(nothing);
    if (nothing || busy || form.taking > 0) return;
    set_busy(true);
    await queue_report(await form.settle());
    navigate("/drafts");
    void flush(true);
  };

  return (
    <form class="report stack narrow" noValidate onSubmit={send}>
      <div class="head"><h1>{t("screen.report")}</h1><Saved saved={form.saved} /></div>
      {!online && <p class="told">{t("report.offline")}</p>}
      {report.told && <div class="trouble" role="alert">{report.told.text}</div>}
      <ErrorList errors={empty_told && nothing ? [{ at: "report-problem", text: t("report.nothing") }] : []} />
      <PhotoRow photos={photos} taking={form.taking} add={(files) => void form.add_photos(files)}
        remove={(id) => void form.remove_photo(id)} />
      <PlaceRow report={report} photos={photos} points={points} change={change} />
      {similar.length > 0 && (
        <div class="told">
          <p>{t("report.similar", { count: similar.length, metres: near })}</p>
          <ul class="plain">
            {similar.slice(0, 3).map(({ line, metres }) => (
              <li key={line.id}><a href={`/case/${line.id}`}>{line.number} {line.title}</a> {distance_text(metres ?? 0)}</li>
            ))}
          </ul>
        </div>
      )}
      <Choice name="category" report={report} change={change} />
      <Field id="report-problem" label={t("report.problem")} help={t("report.problem_help")}>
        <textarea id="report-problem" maxLength={500} value={report.problem} aria-describedby="report-problem-help"
          onInput={(event) => change({ problem: event.currentTarget.value })} />
      </Field>
      <Choice name="level" report={report} change={change} />
      <div class="choices">
        <label>
          <input type="checkbox" checked={report.urgent ?? false}
            onChange={(event) => change({ urgent: event.currentTarget.checked || undefined })} />
          {t("report.urgent")}
        </label>
        <label>
          <input type="checkbox" checked={report.keep_original} onChange={(event) => change({ keep_original: event.currentTarget.checked })} />
          {t("report.keep_original")}
        </label>
      </div>
      <Field id="report-entity" label={t("report.entity")}>
        <input id="report-entity" maxLength={200} value={report.entity ?? ""} onInput={(event) => change({ entity: event.currentTarget.value })} />
      </Field>
      <div class="thumb">
        <button type="button" disabled={busy} onClick={() => void put_aside()}>{t("report.put_aside")}</button>
        <button type="submit" class="primary" disabled={busy || form.taking > 0}>{t("report.send")}</button>
      </div>
    </form>
  );
}
