// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";
import { call, get, post } from "../api/client";
import type { Feed, NewFeed } from "../api/contract";
import { as_problem } from "../api/problem";
import type { RequestProblem } from "../api/problem";
import { workflows } from "../state/directory";
import { use_kept_form } from "../state/form_drafts";
import { use_resource } from "../state/resource";
import { date_time_of } from "../time";
import { language, pick, t } from "../text";
import { DraftLine } from "./draft_line";
import { Field } from "./field";
import { Trouble } from "./trouble";

export function CalendarFeeds() {
  const feeds = use_resource("settings/feeds", () => get<{ items: Feed[] }>("/api/v1/feeds"));
  const { draft, value, set, discard } = use_kept_form("feed", { name: "", workflow: "", mine: false });
  const [made, set_made] = useState<NewFeed | undefined>(undefined);
  const [problem, set_problem] = useState<RequestProblem | undefined>(undefined);
  const make = async (event: Event) => {
    event.preventDefault();
    set_problem(undefined);
    const filter: Record<string, string> = { lang: language.value };
    if (value.workflow) filter.workflow = value.workflow;
    if (value.mine) filter.opener = "me";
    try {
      set_made(await post<NewFeed>("/api/v1/feeds", { name: value.name.trim(), filter }));
      discard();
      feeds.reload();
    } catch (fault) {
      set_problem(as_problem(fault));
    }
  };
  const revoke = async (id: string) => {
    try {
      await call(`/api/v1/feeds/${encodeURIComponent(id)}`, { method: "DELETE" });
      if (made?.id === id) set_made(undefined);
    } catch (fault) {
      set_problem(as_problem(fault));
    }
    feeds.reload();
  };
  return (
    <section class="card stack" aria-labelledby="feeds-title">
      <h2 id="feeds-title">{t("feeds.title")}</h2>
      <p class="muted">{t("feeds.explain")}</p>
      {(problem ?? feeds.problem) && <Trouble problem={(problem ?? feeds.problem)!} />}
      {made && (
        <div class="told" role="status">
          <p>{t("feeds.once", { name: made.name })}</p>
          <p class="mono">{location.origin}{made.address}</p>
        </div>
      )}
      {feeds.value?.items.length === 0 && <p class="muted">{t("feeds.none")}</p>}
      <ul class="plain files">
        {feeds.value?.items.map((feed) => (
          <li key={feed.id}>
            <span class="grow">{feed.name} · {feed.last_used ? t("feeds.used", { time: date_time_of(feed.last_used) }) : t("feeds.never")}</span>
            <button type="button" class="small" aria-label={t("feeds.revoke_one", { name: feed.name })}
              onClick={() => void revoke(feed.id)}>{t("feeds.revoke")}</button>
          </li>
        ))}
      </ul>
      <details>
        <summary>{t("feeds.make")}</summary>
        <form class="stack" onSubmit={make}>
          <Field id="feed-name" label={t("feeds.name")}>
            <input id="feed-name" required maxLength={60} value={value.name} onInput={(event) => set({ name: event.currentTarget.value })} />
          </Field>
          <Field id="feed-workflow" label={t("feeds.workflow")}>
            <select id="feed-workflow" value={value.workflow} onChange={(event) => set({ workflow: event.currentTarget.value })}>
              <option value="">{t("feeds.all")}</option>
              {workflows.value.map((one) => <option key={one.id} value={one.id}>{pick(one.title)}</option>)}
            </select>
          </Field>
          <label class="row">
            <input type="checkbox" checked={value.mine} onChange={(event) => set({ mine: event.currentTarget.checked })} />
            {t("feeds.mine")}
          </label>
          <div class="row"><DraftLine draft={draft} discard={discard} /><button type="submit">{t("feeds.make")}</button></div>
        </form>
      </details>
    </section>
  );
}
