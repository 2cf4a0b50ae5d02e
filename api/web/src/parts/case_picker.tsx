// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";
import type { CaseLine } from "../api/contract";
import { get_case, list_cases } from "../api/calls";
import { use_resource } from "../state/resource";
import { t } from "../text";

// Finds a case by its number or words and keeps its id.
export function CasePicker({ id, value, change }: { id: string; value: unknown; change: (value: unknown) => void }) {
  const [text, set_text] = useState("");
  const [asked, set_asked] = useState("");
  const chosen = use_resource<CaseLine>(value ? `case/${String(value)}` : null, () => get_case(String(value)));
  const found = use_resource(asked ? `pick/${asked}` : null, (signal) => list_cases({ q: asked, limit: 8 }, signal));
  return (
    <div class="stack">
      {Boolean(value) && (
        <div class="row">
          <span class="grow">{chosen.value ? `${chosen.value.number} ${chosen.value.title}` : String(value)}</span>
          <button type="button" class="small" onClick={() => change(undefined)}>{t("form.choose_other")}</button>
        </div>
      )}
      {!value && (
        <>
          <div class="row">
            <div class="grow">
              <input id={`${id}-search`} type="search" value={text} aria-label={t("shell.search")} maxLength={60}
                onInput={(event) => set_text(event.currentTarget.value)}
                onKeyDown={(event) => {
                  if (event.key !== "Enter") return;
                  event.preventDefault();
                  set_asked(text.trim());
                }} />
            </div>
            <button type="button" class="small" onClick={() => set_asked(text.trim())}>{t("form.search")}</button>
          </div>
          <div role="status" class="muted">
            {found.loading && t("shell.loading")}
            {found.value?.items.length === 0 && t("ledger.empty")}
          </div>
          <ul class="plain">
            {found.value?.items.map((line) => (
              <li key={line.id}>
                <button type="button" class="quiet" onClick={() => change(line.id)}>{line.number} {line.title}</button>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
