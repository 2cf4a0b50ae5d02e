// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";
import { call, get, post } from "../api/client";
import type { NewToken, Token } from "../api/contract";
import { as_problem } from "../api/problem";
import type { RequestProblem } from "../api/problem";
import { use_kept_form } from "../state/form_drafts";
import { use_resource } from "../state/resource";
import { date_of, today } from "../time";
import { t } from "../text";
import { DraftLine } from "./draft_line";
import { Field } from "./field";
import { Trouble } from "./trouble";

const scopes = ["read", "act", "admin"] as const;

export function AccountTokens() {
  const tokens = use_resource("settings/tokens", () => get<{ items: Token[] }>("/api/v1/tokens"));
  const { draft, value, set, discard } = use_kept_form("token", { name: "", scope: "read" as (typeof scopes)[number], until: "" });
  const { name, scope, until } = value;
  const [made, set_made] = useState<NewToken | undefined>(undefined);
  const [problem, set_problem] = useState<RequestProblem | undefined>(undefined);
  const make = async (event: Event) => {
    event.preventDefault();
    set_problem(undefined);
    try {
      set_made(await post<NewToken>("/api/v1/tokens", { name: name.trim(), scope, expires: `${until}T23:59:59+08:00` }));
      discard();
      tokens.reload();
    } catch (fault) {
      set_problem(as_problem(fault));
    }
  };
  const revoke = async (id: string) => {
    try {
      await call(`/api/v1/tokens/${encodeURIComponent(id)}`, { method: "DELETE" });
    } catch (fault) {
      set_problem(as_problem(fault));
    }
    tokens.reload();
  };
  return (
    <section class="card stack" aria-labelledby="tokens-title">
      <h2 id="tokens-title">{t("tokens.title")}</h2>
      {(problem ?? tokens.problem) && <Trouble problem={(problem ?? tokens.problem)!} />}
      {made && <div class="told" role="status"><p>{t("tokens.once", { name: made.name })}</p><p class="mono">{made.token}</p></div>}
      {tokens.value?.items.length === 0 && <p class="muted">{t("tokens.none")}</p>}
      <ul class="plain files">
        {tokens.value?.items.map((token) => (
          <li key={token.id}>
            <span class="grow">{token.name} · {t(`tokens.scope_${token.scope}`)} · {t("tokens.until", { date: date_of(token.expires) })}</span>
            <button type="button" class="small" aria-label={t("tokens.revoke_one", { name: token.name })}
              onClick={() => void revoke(token.id)}>{t("tokens.revoke")}</button>
          </li>
        ))}
      </ul>
      <details>
        <summary>{t("tokens.make")}</summary>
        <form class="stack" onSubmit={make}>
          <Field id="token-name" label={t("tokens.name")}>
            <input id="token-name" required maxLength={60} value={name} onInput={(event) => set({ name: event.currentTarget.value })} />
          </Field>
          <Field id="token-scope" label={t("tokens.scope")}>
            <select id="token-scope" value={scope} onChange={(event) => set({ scope: event.currentTarget.value as typeof scope })}>
              {scopes.map((one) => <option key={one} value={one}>{t(`tokens.scope_${one}`)}</option>)}
            </select>
          </Field>
          <Field id="token-until" label={t("tokens.expires")}>
            <input id="token-until" type="date" required min={today()} value={until} onInput={(event) => set({ until: event.currentTarget.value })} />
          </Field>
          <div class="row"><DraftLine draft={draft} discard={discard} /><button type="submit">{t("tokens.make")}</button></div>
        </form>
      </details>
    </section>
  );
}
