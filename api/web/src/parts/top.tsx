// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from "preact/hooks";
import { unreachable } from "../api/client";
import { address, navigate } from "../router";
import { unsent_count } from "../state/counts";
import { has_role, person, sign_out } from "../state/session";
import { phone } from "../state/screen_size";
import { change_settings, settings } from "../state/settings";
import { pick, t } from "../text";
import { Icon } from "./icon";
import { LanguageSwitch } from "./language_switch";
import { offered_routes } from "./menu";

function Search() {
  const asked = address.value.path.startsWith("/ledger") ? (address.value.query.get("q") ?? "") : "";
  const [text, set_text] = useState(asked);
  useEffect(() => set_text(asked), [asked]);
  return (
    <form role="search" onSubmit={(event) => {
      event.preventDefault();
      navigate(`/ledger${text.trim() ? `?q=${encodeURIComponent(text.trim())}` : ""}`);
    }}>
      <input id="search" type="search" value={text} maxLength={60} aria-label={t("shell.search")}
        placeholder={t(phone.value || !settings.value.single_keys ? "shell.search_hint" : "shell.search_hint_keys")} onInput={(event) => set_text(event.currentTarget.value)} />
    </form>
  );
}

function PersonMenu() {
  const known = person.value!;
  return (
    <details class="popup" id="person-menu">
      <summary aria-label={t("shell.account_of", { name: known.full_name })}>
        <Icon name="person" /><span class="wide">{known.full_name}</span>
      </summary>
      <div class="stack" onClick={(event) => (event.target as Element).closest("a") && close_popups()}>
        <p><strong>{known.full_name}</strong><br /><span class="muted">{pick(known.unit_title)}</span></p>
        <ul class="plain only-phone">
          {offered_routes().map((route) => (
            <li key={route.pattern}><a class="button quiet" href={route.pattern}>{t(route.title)}</a></li>
          ))}
        </ul>
        <div class="row">
          <a class="button small" href="/settings">{t("screen.settings")}</a>
          <button type="button" class="small"
            onClick={() => change_settings({ language: settings.value.language === "zh" ? "en" : "zh" })}>
            {settings.value.language === "zh" ? t("language.switch_to_en") : t("language.switch_to_zh")}
          </button>
          <button type="button" class="small" id="sign-out" onClick={() => void sign_out()}>{t("sign_in.out")}</button>
        </div>
      </div>
    </details>
  );
}

export function close_popups(): void {
  for (const open of document.querySelectorAll<HTMLDetailsElement>("details.popup[open]")) open.open = false;
}

function Banners() {
  const unsent = unsent_count.value;
  return (
    <>
      {unreachable.value && <div class="banner" role="status">{t("shell.unreachable")}</div>}
      {unsent > 0 && address.value.path !== "/drafts" && (
        <div class="banner" role="status">
          {t("shell.unsent", { count: unsent })}<a href="/drafts">{t("shell.unsent_show")}</a>
        </div>
      )}
    </>
  );
}

export function Top() {
  useEffect(() => {
    const outside = (event: MouseEvent) => {
      const inside = (event.target as Element).closest?.("details.popup");
      for (const open of document.querySelectorAll<HTMLDetailsElement>("details.popup[open]")) {
        if (open !== inside) open.open = false;
      }
    };
    document.addEventListener("click", outside);
    return () => document.removeEventListener("click", outside);
  }, []);
  return (
    <>
      <header class="top">
        <Search />
        <span class="spacer" />
        {has_role("inspector", "handler", "dept_head", "supervisor") && (
          <a class="button primary wide" href="/report"><Icon name="camera" />{t("screen.report")}</a>
        )}
        <LanguageSwitch />
        <PersonMenu />
      </header>
      <Banners />
    </>
  );
}
