// SPDX-License-Identifier: Apache-2.0
// Everything by a few letters: screens, kinds of cases to open, and cases.
import { useState } from "preact/hooks";
import { list_cases } from "../api/calls";
import { key_help_open, palette_open } from "../keys";
import { navigate } from "../router";
import { workflows } from "../state/directory";
import { use_resource } from "../state/resource";
import { pick, t } from "../text";
import { Dialog } from "./dialog";
import { KeyList } from "./key_list";
import { offered_routes } from "./menu";

interface Entry {
  to: string;
  text: string;
}

function Palette() {
  const [text, set_text] = useState("");
  const [at, set_at] = useState(0);
  const wanted = text.trim().toLowerCase();
  const searched = [...wanted].length >= 2 ? wanted : "";
  const found = use_resource(searched ? `palette/${searched}` : null, (signal) => list_cases({ q: searched, limit: 8 }, signal));
  const entries: Entry[] = [
    ...offered_routes().map((route) => ({ to: route.pattern, text: t(route.title) })),
    ...workflows.value.map((line) => ({ to: `/ledger/${line.id}`, text: t("ledger.of", { workflow: pick(line.title) }) })),
    ...workflows.value.filter((line) => line.may_open)
      .map((line) => ({ to: `/open/${line.id}`, text: t("open.title", { workflow: pick(line.title) }) })),
  ].filter((entry) => wanted === "" || entry.text.toLowerCase().includes(wanted));
  for (const line of found.value?.items ?? []) entries.push({ to: `/case/${line.id}`, text: `${line.number} ${line.title}` });
  const chosen = Math.min(at, Math.max(0, entries.length - 1));
  const go = (entry: Entry | undefined) => {
    if (!entry) return;
    palette_open.value = false;
    navigate(entry.to);
  };
  return (
    <Dialog title={t("palette.title")} close={() => (palette_open.value = false)}>
      <div class="stack">
        <input type="search" value={text} role="combobox" aria-expanded="true" aria-controls="palette-list" aria-label={t("palette.title")}
          aria-activedescendant={entries.length > 0 ? `palette-${chosen}` : undefined} placeholder={t("palette.hint")}
          autoFocus
          onInput={(event) => { set_text(event.currentTarget.value); set_at(0); }}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown") set_at(Math.min(entries.length - 1, chosen + 1));
            else if (event.key === "ArrowUp") set_at(Math.max(0, chosen - 1));
            else if (event.key === "Enter") go(entries[chosen]);
            else return;
            event.preventDefault();
          }} />
        <ul class="plain list" role="listbox" id="palette-list" aria-label={t("palette.title")}>
          {entries.slice(0, 20).map((entry, index) => (
            <li key={entry.to} id={`palette-${index}`} role="option" aria-selected={index === chosen} data-here={String(index === chosen)}
              onClick={() => go(entry)}>{entry.text}</li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

export function Palettes() {
  return (
    <>
      {palette_open.value && <Palette />}
      {key_help_open.value && (
        <Dialog title={t("keys.title")} close={() => (key_help_open.value = false)}><KeyList /></Dialog>
      )}
    </>
  );
}
