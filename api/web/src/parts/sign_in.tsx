// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";
import type { Person } from "../api/contract";
import { sign_in } from "../api/calls";
import { as_problem } from "../api/problem";
import type { RequestProblem } from "../api/problem";
import { set_person } from "../state/session";
import { t } from "../text";
import { Field } from "./field";
import { Icon } from "./icon";
import { LanguageSwitch } from "./language_switch";
import { ProviderLink } from "./provider_link";
import { Trouble } from "./trouble";

interface SignInFormProps {
  // Whose session ended; somebody else may sign in as well.
  name?: string;
  done: (person: Person) => void;
}

export function SignInForm({ name: known, done }: SignInFormProps) {
  const [name, set_name] = useState(known ?? "");
  const [password, set_password] = useState("");
  const [code, set_code] = useState("");
  const [asks_code, set_asks_code] = useState(false);
  const [problem, set_problem] = useState<RequestProblem | undefined>(undefined);
  const [busy, set_busy] = useState(false);

  const submit = async (event: Event) => {
    event.preventDefault();
    set_busy(true);
    set_problem(undefined);
    try {
      done((await sign_in(name.trim(), password, code.trim() || undefined)).person);
    } catch (fault) {
      const refused = as_problem(fault);
      const wants_code = refused.code === "second_factor_required";
      if (wants_code) set_asks_code(true);
      if (!wants_code || asks_code) set_problem(refused);
      set_busy(false);
    }
  };

  return (
    <form class="stack" onSubmit={submit}>
      {problem && <Trouble problem={problem} />}
      <Field id="sign-in-name" label={t("sign_in.name")}>
        <input id="sign-in-name" value={name} autoComplete="username" autoCapitalize="none" required
          onInput={(event) => set_name(event.currentTarget.value)} />
      </Field>
      <Field id="sign-in-password" label={t("sign_in.password")}>
        <input id="sign-in-password" type="password" value={password} autoComplete="current-password" required
          onInput={(event) => set_password(event.currentTarget.value)} />
      </Field>
      {asks_code && (
        <Field id="sign-in-code" label={t("sign_in.code")} help={t("sign_in.code_help")}>
          <input id="sign-in-code" value={code} inputMode="numeric" autoComplete="one-time-code" required
            aria-describedby="sign-in-code-help" ref={(input) => { if (input && !code) input.focus(); }}
            onInput={(event) => set_code(event.currentTarget.value)} />
        </Field>
      )}
      <button type="submit" class="primary" disabled={busy}>{busy ? t("sign_in.busy") : t("sign_in.in")}</button>
      <ProviderLink />
    </form>
  );
}

export function SignInPage() {
  document.title = `${t("sign_in.title")} · ${t("shell.product")}`;
  return (
    <main class="sign-in">
      <div class="stack">
        <div class="row"><Icon name="loop" size={36} /><h1>{t("shell.product")}</h1></div>
        <p class="muted">{t("sign_in.what")}</p>
        <div class="card stack">
          <h2>{t("sign_in.title")}</h2>
          <SignInForm done={set_person} />
        </div>
        <div class="row">
          <LanguageSwitch />
          <span class="muted">{t("sign_in.forgotten")}</span>
        </div>
        <p><a href="/responsibilities">{t("sign_in.public_list")}</a></p>
      </div>
    </main>
  );
}
