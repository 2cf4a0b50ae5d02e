// SPDX-License-Identifier: Apache-2.0
import { routes } from "../routes";
import type { MessageKey } from "../text";
import { roles } from "../state/session";
import { t } from "../text";
import { Icon } from "./icon";
import type { IconName } from "./icon";
import { count_of, is_here } from "./menu";

const reporting = ["inspector", "handler", "dept_head", "supervisor"];

// The phone's bar: what one thumb needs. Who reports nothing has the board in its middle.
function entries(): Array<{ to: string; title: MessageKey; icon: IconName; report?: boolean }> {
  const reports = reporting.some((role) => roles.value.has(role));
  return [
    { to: "/worklist", title: "screen.worklist", icon: "inbox" },
    reports
      ? { to: "/nearby", title: "screen.nearby", icon: "pin" }
      : { to: "/", title: "screen.workbench", icon: "home" },
    reports
      ? { to: "/report", title: "bottom.report", icon: "camera", report: true }
      : { to: "/board", title: "screen.board", icon: "gauge" },
    { to: "/ledger", title: "screen.ledger", icon: "table" },
    { to: "/settings", title: "bottom.mine", icon: "person" },
  ];
}

export function Bottom() {
  return (
    <nav class="bottom" aria-label={t("shell.bottom")}>
      {entries().map((entry) => {
        const route = routes.find((candidate) => candidate.pattern === entry.to)!;
        const count = count_of(route);
        return (
          <a key={entry.to} href={entry.to} class={entry.report ? "report" : ""} aria-current={is_here(route) ? "page" : undefined}>
            <Icon name={entry.icon} size={22} />
            {t(entry.title)}
            {count && <span class="count">{count}</span>}
          </a>
        );
      })}
    </nav>
  );
}
