// SPDX-License-Identifier: Apache-2.0
import { change_settings, settings } from "../state/settings";
import { t } from "../text";

export function LanguageSwitch() {
  const chinese = settings.value.language === "zh";
  return (
    <button type="button" class="quiet wide" lang={chinese ? "en" : "zh-CN"}
      onClick={() => change_settings({ language: chinese ? "en" : "zh" })}>
      {chinese ? t("language.switch_to_en") : t("language.switch_to_zh")}
    </button>
  );
}
