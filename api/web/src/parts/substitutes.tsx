// SPDX-License-Identifier: Apache-2.0
// Who stands in for me while I am away, and for whom I stand in.
import { useState } from "preact/hooks";
import { call, get, post } from "../api/client";
import type { Substitution } from "../api/contract";
import { as_problem } from "../api/problem";
import type { RequestProblem } from "../api/problem";
import { person_name } from "../state/directory";
import { person } from "../state/session";
import { use_resource } from "../state/resource";
import { date_time_of, instant_of_local_input } from "../time";
import { t } from "../text";
import { Field } from "./field";
import { PersonSelect } from "./person_select";
import { Trouble } from "./trouble";

export function Substitutes() {
  const list = use_resource("settings/substitutes", () => get<{ items: Substitution[] }>("/api/v1/substitutes"));
  const [who, set_who] = useState<string | undefined>(undefined);
  const [from, set_from] = useState("");
  const [to, set_to] = useState("");
  const [problem, set_problem] = useState<RequestProblem | undefined>(undefined);
  const change = async (request: () => Promise<unknown>) => {
    set_problem(undefined);
    try {
      await request();
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
            { substitute: who, from: instant_of_local_input(from), to: instant_of_local_input(to) }));
        }}>
          <Field id="substitute-who" label={t("substitutes.who")}>
            <PersonSelect id="substitute-who" value={who} change={set_who} unit={person.value?.unit} />
          </Field>
          <Field id="substitute-from" label={t("substitutes.from")}>
            <input id="substitute-from" type="datetime-local" required value={from} onInput={(event) => set_from(event.currentTarget.value)} />
          </Field>
          <Field id="substitute-to" label={t("substitutes.to")}>
            <input id="substitute-to" type="datetime-local" required value={to} onInput={(event) => set_to(event.currentTarget.value)} />
          </Field>
          <div class="row"><button type="submit">{t("substitutes.add")}</button></div>
        </form>
      </details>
    </section>
  );
}
