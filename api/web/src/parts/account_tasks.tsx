// SPDX-License-Identifier: Apache-2.0
// What somebody has to do before anything else: choose a password, enrol a second factor.
import { find_person, person, sign_out } from "../state/session";
import { t } from "../text";
import { PasswordForm } from "./password_form";
import { SecondFactorForm } from "./second_factor_form";

export function WaitingTasks() {
  const pending = person.value?.pending;
  const password = pending === "password_change_required";
  const title = password ? t("password.first") : t("second_factor.first");
  document.title = `${title} · ${t("shell.product")}`;
  return (
    <main class="sign-in">
      <div class="card stack">
        <h1>{title}</h1>
        <p class="muted">{password ? t("password.first_why") : t("second_factor.first_why")}</p>
        {password ? <PasswordForm done={() => void find_person()} /> : <SecondFactorForm done={() => void find_person()} />}
        <div class="row"><button type="button" class="quiet" onClick={() => void sign_out()}>{t("sign_in.out")}</button></div>
      </div>
    </main>
  );
}
