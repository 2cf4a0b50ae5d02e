// SPDX-License-Identifier: Apache-2.0
// Which other systems are told of changes, how that goes, and what they never took.
import { useState } from "preact/hooks";
import { call, get, post } from "../api/client";
import type { DeadLetter, NewWebhook, Repeated, Webhook } from "../api/contract";
import { as_problem } from "../api/problem";
import type { RequestProblem } from "../api/problem";
import { use_kept_form } from "../state/form_drafts";
import { use_resource } from "../state/resource";
import { date_time_of } from "../time";
import { t } from "../text";
import { DraftLine } from "./draft_line";
import { Field } from "./field";
import { Trouble } from "./trouble";

const one = (id: string) => `/api/v1/webhooks/${encodeURIComponent(id)}`;

function DeadLetters({ webhook }: { webhook: Webhook }) {
  const letters = use_resource(`settings/webhooks/${webhook.id}`, () => get<{ items: DeadLetter[] }>(`${one(webhook.id)}/dead-letters`));
  const [told, set_told] = useState("");
  const repeat = async (letter: DeadLetter) => {
    try {
      const done = await call<Repeated>(`${one(webhook.id)}/dead-letters/${encodeURIComponent(letter.id)}/attempts`, { method: "POST" });
      set_told(done.body.taken ? t("webhooks.taken") : t("webhooks.not_taken", { why: done.body.fault ?? String(done.body.status) }));
    } catch (fault) {
      set_told(as_problem(fault).message);
    }
    letters.reload();
  };
  if (!letters.value || letters.value.items.length === 0) return <p role="status">{told}</p>;
  return (
    <details>
      <summary>{t("webhooks.dead", { count: letters.value.items.length })}</summary>
      <p role="status">{told}</p>
      <ul class="plain files">
        {letters.value.items.map((letter) => (
          <li key={letter.id}>
            <span class="grow"><a href={`/case/${letter.case}`}>{letter.id}</a> · {date_time_of(letter.at)} · {letter.fault}</span>
            <button type="button" class="small" aria-label={t("webhooks.again_one", { id: letter.id })} onClick={() => void repeat(letter)}>{t("webhooks.again")}</button>
          </li>
        ))}
      </ul>
    </details>
  );
}

function state_of(webhook: Webhook): string {
  if (!webhook.active) return t("webhooks.stopped");
  if (webhook.next_attempt) return t("webhooks.waits", { time: date_time_of(webhook.next_attempt), why: webhook.last_fault ?? "" });
  return t("webhooks.goes");
}

export function AccountWebhooks() {
  const webhooks = use_resource("settings/webhooks", () => get<{ items: Webhook[] }>("/api/v1/webhooks"));
  const { draft, value, set, discard } = use_kept_form("webhook", { url: "" });
  const [made, set_made] = useState<NewWebhook | undefined>(undefined);
  const [problem, set_problem] = useState<RequestProblem | undefined>(undefined);
  const attempt = async (work: () => Promise<void>) => {
    set_problem(undefined);
    try {
      await work();
    } catch (fault) {
      set_problem(as_problem(fault));
    }
    webhooks.reload();
  };
  const make = (event: Event) => {
    event.preventDefault();
    void attempt(async () => {
      set_made(await post<NewWebhook>("/api/v1/webhooks", { url: value.url.trim() }));
      discard();
    });
  };
  return (
    <section class="card stack" aria-labelledby="webhooks-title">
      <h2 id="webhooks-title">{t("webhooks.title")}</h2>
      {(problem ?? webhooks.problem) && <Trouble problem={(problem ?? webhooks.problem)!} />}
      {made && <div class="told" role="status"><p>{t("webhooks.once", { url: made.url })}</p><p class="mono">{made.secret}</p></div>}
      {webhooks.value?.items.length === 0 && <p class="muted">{t("webhooks.none")}</p>}
      <ul class="plain files">
        {webhooks.value?.items.map((webhook) => (
          <li key={webhook.id}>
            <div class="grow">
              {webhook.url} · {state_of(webhook)}
              <DeadLetters webhook={webhook} />
            </div>
            <button type="button" class="small" aria-label={t(webhook.active ? "webhooks.stop_one" : "webhooks.go_one", { url: webhook.url })}
              onClick={() => void attempt(async () => { await call(one(webhook.id), { method: "PATCH", body: { active: !webhook.active } }); })}>
              {t(webhook.active ? "webhooks.stop" : "webhooks.go")}
            </button>
            <button type="button" class="small" aria-label={t("webhooks.drop_one", { url: webhook.url })}
              onClick={() => void attempt(async () => { await call(one(webhook.id), { method: "DELETE" }); })}>{t("webhooks.drop")}</button>
          </li>
        ))}
      </ul>
      <details>
        <summary>{t("webhooks.make")}</summary>
        <form class="stack" onSubmit={make}>
          <Field id="webhook-url" label={t("webhooks.url")}>
            <input id="webhook-url" type="url" required maxLength={500} value={value.url} onInput={(event) => set({ url: event.currentTarget.value })} />
          </Field>
          <div class="row"><DraftLine draft={draft} discard={discard} /><button type="submit">{t("webhooks.make")}</button></div>
        </form>
      </details>
    </section>
  );
}
