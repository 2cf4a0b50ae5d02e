// SPDX-License-Identifier: Apache-2.0
// Three piles: what is being written, what waits to be sent, what was sent. Each says how old it is and what holds it up.
import { useEffect, useState } from "preact/hooks";
import { flush, sending } from "../offline/outbox";
import { is_empty } from "../offline/report";
import type { Photo, Report } from "../offline/report";
import { drop_report, list_photos, refresh_reports, reports } from "../offline/store";
import { Dialog } from "../parts/dialog";
import { Empty } from "../parts/trouble";
import { ago, date_time_of } from "../time";
import { t } from "../text";
import { Thumbnail } from "./report/photo_row";

function state_text(report: Report): string {
  const way = sending.value;
  if (way?.report === report.id) return t("drafts.sending", { done: way.done, all: way.all });
  if (report.state === "queued") return report.tries > 0 ? t("drafts.tried", { count: report.tries }) : t("drafts.queued");
  return report.state === "refused" ? t("drafts.refused") : t("drafts.draft");
}

function Photos({ report }: { report: Report }) {
  const [photos, set_photos] = useState<readonly Photo[]>([]);
  useEffect(() => {
    let gone = false;
    void list_photos(report.id).then((found) => !gone && set_photos(found), () => undefined);
    return () => {
      gone = true;
    };
  }, [report.id, report.changed, sending.value?.done]);
  if (photos.length === 0) return null;
  return (
    <ul class="plain shots small-shots">
      {photos.map((photo, index) => <li key={photo.id} data-confirmed={String(photo.confirmed)}><Thumbnail photo={photo} number={index + 1} /></li>)}
    </ul>
  );
}

function Line({ report, ask_to_drop }: { report: Report; ask_to_drop: (report: Report) => void }) {
  // What may have reached the server already is sent as it is, and neither changed nor dropped meanwhile.
  const may_change = !report.body && sending.value?.report !== report.id;
  const title = report.problem.trim() || t("drafts.photos_only", { count: report.photos });
  const colour = report.state === "refused" ? "red" : report.state === "queued" ? "yellow" : "blue";
  return (
    <li>
      <div class="row apart">
        <span class={`chip ${colour}`} role="status">{state_text(report)}</span>
        <span class="muted">{t("drafts.age", { age: ago(report.created) })}</span>
      </div>
      <p class="title">{title}</p>
      <Photos report={report} />
      {report.told && <p class={report.told.passing ? "told" : "trouble"}>{report.told.text}</p>}
      <div class="row">
        {report.state === "queued" && (
          <button type="button" class="primary" disabled={sending.value !== null} onClick={() => void flush(true)}>{t("drafts.send_now")}</button>
        )}
        {may_change && (
          <a class={`button ${report.state === "queued" ? "" : "primary"}`} href={`/report?draft=${encodeURIComponent(report.id)}`}>
            {report.state === "refused" ? t("drafts.mend") : t("drafts.go_on")}
          </a>
        )}
        {may_change && <button type="button" onClick={() => ask_to_drop(report)}>{t("drafts.drop")}</button>}
      </div>
    </li>
  );
}

function Pile({ title, nothing, lines, ask_to_drop }: {
  title: string; nothing: string; lines: readonly Report[]; ask_to_drop: (report: Report) => void;
}) {
  return (
    <section class="stack">
      <h2>{title}</h2>
      {lines.length === 0 ? <Empty>{nothing}</Empty>
        : <ul class="plain list">{lines.map((report) => <Line key={report.id} report={report} ask_to_drop={ask_to_drop} />)}</ul>}
    </section>
  );
}

export default function Drafts() {
  const [dropping, set_dropping] = useState<Report | undefined>(undefined);
  useEffect(() => void refresh_reports(), []);
  const all = reports.value.filter((report) => report.state === "sent" || !is_empty(report));
  const waiting = all.filter((report) => report.state === "queued" || report.state === "refused");
  const drafts = all.filter((report) => report.state === "draft");
  const sent = all.filter((report) => report.state === "sent");
  return (
    <div class="stack narrow">
      <div class="head"><h1>{t("screen.drafts")}</h1><a class="button" href="/report">{t("drafts.new")}</a></div>
      <p class="muted">{t("drafts.only_here")}</p>
      <Pile title={t("drafts.waiting_title", { count: waiting.length })} nothing={t("drafts.none_waiting")} lines={waiting} ask_to_drop={set_dropping} />
      <Pile title={t("drafts.drafts_title", { count: drafts.length })} nothing={t("drafts.none_drafts")} lines={drafts} ask_to_drop={set_dropping} />
      <section class="stack">
        <h2>{t("drafts.sent_title")}</h2>
        {sent.length === 0 && <Empty>{t("drafts.none_sent")}</Empty>}
        <ul class="plain list">
          {sent.map((report) => (
            <li key={report.id}>
              <div class="row apart">
                <span class="chip green"><span aria-hidden="true">✔</span>{t("drafts.sent")}</span>
                <span class="muted">{date_time_of(report.sent!.at)}</span>
              </div>
              <a class="title" href={`/case/${report.sent!.id}`}>{report.sent!.number} {report.problem.trim()}</a>
              <span class="muted">{t("drafts.confirmed", { count: report.photos })}</span>
            </li>
          ))}
        </ul>
      </section>
      {dropping && (
        <Dialog title={t("drafts.drop")} close={() => set_dropping(undefined)}>
          <p>{t("drafts.drop_sure", { count: dropping.photos })}</p>
          <div class="finish">
            <button type="button" onClick={() => set_dropping(undefined)}>{t("shell.cancel")}</button>
            <button type="button" class="danger" onClick={() => {
              void drop_report(dropping.id);
              set_dropping(undefined);
            }}>{t("drafts.drop")}</button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
