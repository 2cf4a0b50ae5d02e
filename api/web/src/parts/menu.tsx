// SPDX-License-Identifier: Apache-2.0
import { address } from "../router";
import { routes } from "../routes";
import type { Route } from "../routes";
import { count_text, unsent_count, worklist_count } from "../state/counts";
import { roles } from "../state/session";
import { change_settings, settings } from "../state/settings";
import { t } from "../text";
import { Icon } from "./icon";

export function offered_routes(): readonly Route[] {
  return routes.filter((route) => route.icon && (!route.roles || route.roles.some((role) => roles.value.has(role))));
}

export function is_here(route: Route): boolean {
  const path = address.value.path;
  if (route.pattern === "/") return path === "/";
  return path === route.pattern || path.startsWith(`${route.pattern}/`);
}

export function count_of(route: Route): string {
  if (route.pattern === "/worklist") return count_text(worklist_count.value);
  if (route.pattern === "/drafts" && unsent_count.value > 0) return String(unsent_count.value);
  return "";
}

function Entry({ route }: { route: Route }) {
  const count = count_of(route);
  const title = t(route.title);
  return (
    <li>
      <a href={route.pattern} aria-current={is_here(route) ? "page" : undefined} title={title}>
        <Icon name={route.icon!} />
        <span class="label">{title}</span>
        {settings.value.menu_folded && <span class="hidden-text">{title}</span>}
        {count && <span class="count">{count}</span>}
      </a>
    </li>
  );
}

export function Menu() {
  const offered = offered_routes();
  const folded = settings.value.menu_folded;
  return (
    <nav class="menu" aria-label={t("shell.menu")}>
      <a class="brand" href="/">
        <Icon name="loop" size={26} />
        <span class="label">{t("shell.product")}</span>
        {folded && <span class="hidden-text">{t("shell.product")}</span>}
      </a>
      <ul class="plain">{offered.filter((route) => !route.after).map((route) => <Entry key={route.pattern} route={route} />)}</ul>
      <ul class="plain after">
        {offered.filter((route) => route.after).map((route) => <Entry key={route.pattern} route={route} />)}
        <li>
          <button type="button" class="fold" aria-expanded={!folded}
            onClick={() => change_settings({ menu_folded: !folded })}>
            <Icon name={folded ? "unfold" : "fold"} />
            <span class={folded ? "hidden-text" : "label"}>{folded ? t("shell.unfold") : t("shell.fold")}</span>
          </button>
        </li>
      </ul>
    </nav>
  );
}
