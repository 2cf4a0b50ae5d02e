// SPDX-License-Identifier: Apache-2.0
import { address } from "../router";
import { count_text, worklist_count } from "../state/counts";
import { t } from "../text";
import type { MessageKey } from "../text";

// The inboxes people know: what waits for me, what I did, what I opened.
export function InboxTabs() {
  const tabs: Array<[string, MessageKey]> = [
    ["/worklist", "screen.worklist"],
    ["/handled", "screen.handled"],
    ["/opened", "screen.opened"],
  ];
  return (
    <nav class="tabs" aria-label={t("inbox.tabs")}>
      {tabs.map(([to, title]) => (
        <a key={to} href={to} aria-current={address.value.path === to ? "page" : undefined}>
          {t(title)} {to === "/worklist" && count_text(worklist_count.value)}
        </a>
      ))}
    </nav>
  );
}
