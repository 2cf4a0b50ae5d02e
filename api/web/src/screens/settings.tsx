// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";
import { AccountTokens } from "../parts/account_tokens";
import { AccountWebhooks } from "../parts/account_webhooks";
import { CalendarFeeds } from "../parts/calendar_feeds";
import { PasswordForm } from "../parts/password_form";
import { SecondFactorForm } from "../parts/second_factor_form";
import { Sessions } from "../parts/sessions";
import { Substitutes } from "../parts/substitutes";
import { notify } from "../state/notice";
import { find_person, person, sign_out } from "../state/session";
import { change_settings, settings } from "../state/settings";
import type { Theme } from "../state/settings";
import { pick, t, t_or } from "../text";
import type { Language } from "../text";

function Choice<Value extends string | number>({ name, title, options, value, change }: {
  name: string;
  title: string;
  options: ReadonlyArray<[Value, string]>;
  value: Value;
  change: (value: Value) => void;
}) {
  return (
    <fieldset>
      <legend>{title}</legend>
      <div class="choices">
        {options.map(([option, text]) => (
          <label key={option}>
            <input type="radio" name={name} checked={option === value} onChange={() => change(option)} />{text}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function PageSettings() {
  const chosen = settings.value;
  return (
    <section class="card stack" aria-labelledby="page-title">
      <h2 id="page-title">{t("settings.page")}</h2>
      <Choice<Language> name="language" title={t("settings.language")} value={chosen.language}
        options={[["zh", t("language.switch_to_zh")], ["en", t("language.switch_to_en")]]}
        change={(language) => change_settings({ language })} />
      <Choice<Theme> name="theme" title={t("settings.theme")} value={chosen.theme}
        options={[["system", t("settings.theme_system")], ["light", t("settings.theme_light")], ["dark", t("settings.theme_dark")]]}
        change={(theme) => change_settings({ theme })} />
      <Choice<number> name="text" title={t("settings.text")} value={chosen.text_step}
        options={[[0, t("settings.text_0")], [1, t("settings.text_1")], [2, t("settings.text_2")]]}
        change={(step) => change_settings({ text_step: step as 0 | 1 | 2 })} />
      <label class="row">
        <input type="checkbox" checked={chosen.single_keys}
          onChange={(event) => change_settings({ single_keys: event.currentTarget.checked })} />
        {t("settings.keys")}
      </label>
    </section>
  );
}

function Account() {
  const known = person.value!;
  return (
    <section class="card" aria-labelledby="account-title">
      <h2 id="account-title">{t("settings.account")}</h2>
      <dl class="pairs">
        <dt>{t("settings.name")}</dt><dd>{known.full_name} ({known.name})</dd>
        <dt>{t("settings.unit")}</dt><dd>{pick(known.unit_title)}</dd>
        <dt>{t("settings.roles")}</dt><dd>{known.roles.map((role) => t_or(`role.${role}`, role)).join(t("text.and"))}</dd>
      </dl>
      <p><button type="button" onClick={() => void sign_out()}>{t("sign_in.out")}</button></p>
    </section>
  );
}

export default function SettingsScreen() {
  const [changed, set_changed] = useState("");
  const known = person.value!;
  return (
    <div class="stack">
      <div class="head"><h1>{t("screen.settings")}</h1></div>
      <div class="columns">
        <div class="stack">
          <PageSettings />
          <Account />
          <Substitutes />
        </div>
        <div class="stack">
          <section class="card" aria-labelledby="password-title">
            <h2 id="password-title">{t("password.change")}</h2>
            <p role="status">{changed}</p>
            <PasswordForm done={() => { set_changed(t("password.changed")); notify(t("password.changed")); }} />
          </section>
          <section class="card" aria-labelledby="factor-title">
            <h2 id="factor-title">{t("settings.second_factor")}</h2>
            <p>{known.second_factor ? t("second_factor.on") : t("second_factor.off")}</p>
            {known.withheld_roles.length > 0 && (
              <p>{t("second_factor.withheld", { roles: known.withheld_roles.map((role) => t_or(`role.${role}`, role)).join(t("text.and")) })}</p>
            )}
            {!known.second_factor && <SecondFactorForm done={() => void find_person()} />}
          </section>
          <Sessions />
          <AccountTokens />
          <CalendarFeeds />
          <AccountWebhooks />
        </div>
      </div>
    </div>
  );
}
