// SPDX-License-Identifier: Apache-2.0
// Who stands in for me while I am away, and for whom I stand in.
import { useState } from "preact/hooks";
import { call, get, post } from "../api/client";
import type { Substitution } from "../api/contract";
import { as_problem } from "../api/problem";
import type { RequestProblem } from "../api/problem";
import { person_name } from "../state/directory";
import { use_kept_form } from "../state/form_drafts";
import { person } from "../state/session";
import { use_resource } from "../state/resource";
import { date_time_of, instant_of_local_input } from "../time";
import { t } from "../text";
import { DraftLine } from "./draft_line";
import { Field } from "./field";
import { PersonSelect } from "./person_select";
import { Trouble } from "./trouble";

export function Substitutes() {
  const list = use_resource("settings/substitutes", () => get<{ items: Substitution[] }>("/api/v1/substitutes"));
  const { draft, value, set, discard } = use_kept_form("substitute", { who: undefined as string | undefined, from: "", to: "" });
  const { who, from, to } = value;
  const [problem, set_problem] = useState<RequestProblem | undefined>(undefined);
  const change = async (request: () => Promise<unknown>, done?: () => void) => {
    set_problem(undefined);
    try {
      await request();
      done?.();
    } catch (fault) {
      set_problem(as_problem(fault));
    }
    list.reload();
  };
  return (
    <section class="card stack" aria-labelledby="substitutes-title">
      <h2 id="substitutes-title">{t("substitutes.title")}</h2>
      {(problem ?? list.problem) && <Trouble problem={(problem ?? list.problem)!} />}
      {list.value?.items.length === 0 && <p class="muted">{t("substitutes.none")}</p>}
      <ul class="plain files">
        {list.value?.items.map((one) => (
          <li key={one.id}>
            <span class="grow">
              {t("substitutes.line", {
                absent: person_name(one.absent), substitute: person_name(one.substitute),
                from: date_time_of(one.from), to: date_time_of(one.to),
              })}
            </span>
            {one.active && <span class="chip green">{t("substitutes.active")}</span>}
            {Date.parse(one.to) > Date.now() && (
              <button type="button" class="small" aria-label={t("substitutes.end_one", { name: person_name(one.substitute) })}
                onClick={() => void change(() => call(`/api/v1/substitutes/${encodeURIComponent(one.id)}`, { method: "DELETE" }))}>
                {t("substitutes.end")}
              </button>
            )}
          </li>
        ))}
      </ul>
      <details>
        <summary>{t("substitutes.add")}</summary>
        <form class="stack" onSubmit={(event) => {
          event.preventDefault();
          void change(() => post("/api/v1/substitutes",
            { substitute: who, from: instant_of_local_input(from), to: instant_of_local_input(to) }), discard);
        }}>
          <Field id="substitute-who" label={t("substitutes.who")}>
            <PersonSelect id="substitute-who" value={who} change={(chosen) => set({ who: chosen })} unit={person.value?.unit} />
          </Field>
          <Field id="substitute-from" label={t("substitutes.from")}>
            <input id="substitute-from" type="datetime-local" required value={from} onInput={(event) => set({ from: event.currentTarget.value })} />
          </Field>
          <Field id="substitute-to" label={t("substitutes.to")}>
            <input id="substitute-to" type="datetime-local" required value={to} onInput={(event) => set({ to: event.currentTarget.value })} />
          </Field>
          <div class="row"><DraftLine draft={draft} discard={discard} /><button type="submit">{t("substitutes.add")}</button></div>
        </form>
      </details>
    </section>
  );
}
