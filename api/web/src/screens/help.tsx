// SPDX-License-Identifier: Apache-2.0
import { KeyList } from "../parts/key_list";
import { live_by } from "../state/live";
import { settings } from "../state/settings";
import { t } from "../text";
import type { MessageKey } from "../text";

const parts: Array<[title: MessageKey, text: MessageKey]> = [
  ["help.lights", "help.lights_text"],
  ["help.actions", "help.actions_text"],
  ["help.deadlines", "help.deadlines_text"],
  ["help.drafts", "help.drafts_text"],
  ["help.moved", "help.moved_text"],
  ["help.confidential", "help.confidential_text"],
];

export default function Help() {
  return (
    <div class="stack">
      <div class="head"><h1>{t("screen.help")}</h1></div>
      <div class="columns">
        <div class="stack">
          {parts.map(([title, text]) => (
            <section class="card" key={title}><h2>{t(title)}</h2><p>{t(text)}</p></section>
          ))}
        </div>
        <div class="stack">
          <section class="card">
            <h2>{t("keys.title")}</h2>
            {!settings.value.single_keys && <p class="told">{t("keys.off")}</p>}
            <KeyList />
          </section>
          <section class="card">
            <h2>{t("help.system")}</h2>
            <p>{t(`help.live_${live_by.value}`)}</p>
            <ul>
              <li><a href="/api/v1/openapi.json" target="_blank" rel="noopener">{t("help.contract")}</a></li>
              <li><a href="/third-party-licences.txt" target="_blank" rel="noopener">{t("help.licences")}</a></li>
            </ul>
          </section>
        </div>
      </div>
    </div>
  );
}
