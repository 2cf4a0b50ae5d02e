// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";
import { call, get } from "../api/client";
import type { SessionLine } from "../api/contract";
import { as_problem, problem_text } from "../api/problem";
import { notify } from "../state/notice";
import { use_resource } from "../state/resource";
import { date_time_of } from "../time";
import { t } from "../text";
import { Loading, Trouble } from "./trouble";

const shown_at_first = 5;

export function Sessions() {
  const [whole, set_whole] = useState(false);
  const sessions = use_resource("settings/sessions", () => get<{ items: SessionLine[] }>("/api/v1/sessions"));
  const end = async (id: string) => {
    try {
      await call(`/api/v1/sessions/${encodeURIComponent(id)}`, { method: "DELETE" });
      notify(t("sessions.ended"));
    } catch (fault) {
      notify(problem_text(as_problem(fault)), "failed");
    }
    sessions.reload();
  };
  const all = sessions.value?.items ?? [];
  const shown = whole ? all : all.slice(0, shown_at_first);
  return (
    <section class="card" aria-labelledby="sessions-title">
      <h2 id="sessions-title">{t("sessions.title")}</h2>
      {sessions.problem && <Trouble problem={sessions.problem} retry={sessions.reload} />}
      {!sessions.value && !sessions.problem && <Loading />}
      <ul class="plain files">
        {shown.map((session) => (
          <li key={session.id}>
            <span class="grow">
              {t("sessions.line", { since: date_time_of(session.created), used: date_time_of(session.last_used), from: session.address })}
            </span>
            {session.current ? <span class="chip green">{t("sessions.current")}</span>
              : <button type="button" class="small" onClick={() => void end(session.id)}>{t("sessions.end")}</button>}
          </li>
        ))}
      </ul>
      {shown.length < all.length && (
        <button type="button" class="small" onClick={() => set_whole(true)}>{t("sessions.all", { count: all.length })}</button>
      )}
    </section>
  );
}
