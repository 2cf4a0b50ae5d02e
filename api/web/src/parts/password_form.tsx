// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";
import { post } from "../api/client";
import { as_problem } from "../api/problem";
import type { RequestProblem } from "../api/problem";
import { t } from "../text";
import { Field } from "./field";
import { Trouble } from "./trouble";

export function PasswordForm({ done }: { done: () => void }) {
  const [old, set_old] = useState("");
  const [wanted, set_wanted] = useState("");
  const [problem, set_problem] = useState<RequestProblem | undefined>(undefined);
  const [busy, set_busy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    set_busy(true);
    set_problem(undefined);
    try {
      await post("/api/v1/me/password", { old, new: wanted }, { quiet: true });
      set_old("");
      set_wanted("");
      done();
    } catch (fault) {
      set_problem(as_problem(fault));
    }
    set_busy(false);
  };
  return (
    <form class="stack" onSubmit={submit}>
      {problem && <Trouble problem={problem} />}
      <Field id="password-old" label={t("password.old")}>
        <input id="password-old" type="password" autoComplete="current-password" required value={old}
          onInput={(event) => set_old(event.currentTarget.value)} />
      </Field>
      <Field id="password-new" label={t("password.new")} help={t("password.rule")}>
        <input id="password-new" type="password" autoComplete="new-password" required minLength={10} maxLength={256}
          value={wanted} aria-describedby="password-new-help" onInput={(event) => set_wanted(event.currentTarget.value)} />
      </Field>
      <div class="row"><button type="submit" class="primary" disabled={busy}>{t("password.change")}</button></div>
    </form>
  );
}
