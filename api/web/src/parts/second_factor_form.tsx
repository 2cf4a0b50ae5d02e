// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";
import { post } from "../api/client";
import type { Enrolment } from "../api/contract";
import { as_problem } from "../api/problem";
import type { RequestProblem } from "../api/problem";
import { t } from "../text";
import { Field } from "./field";
import { Trouble } from "./trouble";

// Enrols an authenticator: the secret is shown once, and counts once a code of it was given back.
export function SecondFactorForm({ done }: { done: () => void }) {
  const [enrolment, set_enrolment] = useState<Enrolment | undefined>(undefined);
  const [text, set_text] = useState("");
  const [problem, set_problem] = useState<RequestProblem | undefined>(undefined);
  const submit = async (event: Event) => {
    event.preventDefault();
    set_problem(undefined);
    try {
      if (!enrolment) {
        set_enrolment(await post<Enrolment>("/api/v1/me/second-factor", { password: text }, { quiet: true }));
      } else {
        await post("/api/v1/me/second-factor/confirmation", { code: text.trim() }, { quiet: true });
        done();
      }
      set_text("");
    } catch (fault) {
      set_problem(as_problem(fault));
    }
  };
  return (
    <form class="stack" onSubmit={submit}>
      {problem && <Trouble problem={problem} />}
      {enrolment && (
        <>
          <p>{t("second_factor.add")}</p>
          <p class="mono" id="second-factor-secret">{enrolment.secret}</p>
          <p><a href={enrolment.uri}>{t("second_factor.open")}</a></p>
        </>
      )}
      {enrolment ? (
        <Field id="second-factor-code" label={t("sign_in.code")}>
          <input id="second-factor-code" inputMode="numeric" autoComplete="one-time-code" pattern="[0-9]{6}" required
            value={text} onInput={(event) => set_text(event.currentTarget.value)} />
        </Field>
      ) : (
        <Field id="second-factor-password" label={t("second_factor.password")}>
          <input id="second-factor-password" type="password" autoComplete="current-password" required value={text}
            onInput={(event) => set_text(event.currentTarget.value)} />
        </Field>
      )}
      <div class="row">
        <button type="submit" class="primary">{enrolment ? t("second_factor.confirm") : t("second_factor.begin")}</button>
      </div>
    </form>
  );
}
