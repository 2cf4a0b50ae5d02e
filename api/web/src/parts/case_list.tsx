// SPDX-License-Identifier: Apache-2.0
// Cases in a list: a table on a desk, cards on a phone, with the keys j, k, Enter, x.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { CaseLine } from "../api/contract";
import { use_keys } from "../keys";
import { address, navigate, restore_place } from "../router";
import { definition_of, unit_title, workflow_title } from "../state/directory";
import { remember_list } from "../state/list_context";
import { phone } from "../state/screen_size";
import type { Selection } from "../state/selection";
import { date_of } from "../time";
import { pick, t } from "../text";
import { field_text } from "./field_text";
import { CaseLight, leading_deadline } from "./light";

export interface Column {
  key: string;
  title: string;
  cell: (line: CaseLine) => ComponentChildren;
  // How it stands in its column: numbers to the right, short words whole, names of units not too narrow.
  as?: "number" | "short" | "unit";
}

export function holders_text(line: CaseLine, ...parties: string[]): string {
  for (const party of parties) {
    const holders = line.parties[party];
    if (holders && holders.length > 0) return holders.map((holder) => unit_title(holder.unit)).join(t("text.and"));
  }
  return "";
}

// The unit that has to move next: who holds the part that owns the present state, or whose deadline runs out first.
export function owner_text(line: CaseLine): string {
  if (line.final) return "";
  return (line.owner?.holders ?? []).map((holder) => unit_title(holder.unit)).join(t("text.and")) || unit_title(leading_deadline(line)?.owner);
}

export const usual_columns = ["number", "title", "state", "light", "due", "owner", "opened"];

export function column(key: string, workflow?: string): Column {
  const plain: Record<string, () => Column> = {
    number: () => ({ key, title: t("column.number"), cell: (line) => <span class="nowrap">{line.number}</span> }),
    title: () => ({
      key, title: t("column.title"),
      cell: (line) => <a class="title" href={`/case/${line.id}`}>{line.title || t("case.untitled")}</a>,
    }),
    workflow: () => ({ key, title: t("column.workflow"), as: "short", cell: (line) => workflow_title(line.workflow) }),
    state: () => ({ key, title: t("column.state"), as: "short", cell: (line) => pick(line.state_title, line.state) }),
    light: () => ({ key, title: t("column.light"), cell: (line) => <CaseLight line={line} /> }),
    due: () => ({
      key, title: t("column.due"),
      cell: (line) => {
        const leading = leading_deadline(line);
        return leading ? <span class="nowrap">{date_of(leading.due)}</span> : "";
      },
    }),
    owner: () => ({ key, title: t("column.owner"), as: "unit", cell: owner_text }),
    opened: () => ({ key, title: t("column.opened"), cell: (line) => <span class="nowrap">{date_of(line.opened)}</span> }),
    changed: () => ({ key, title: t("column.changed"), cell: (line) => <span class="nowrap">{date_of(line.changed)}</span> }),
    closed: () => ({ key, title: t("column.closed"), cell: (line) => <span class="nowrap">{line.closed ? date_of(line.closed) : ""}</span> }),
  };
  const made = plain[key]?.();
  if (made) return made;
  const rule = workflow ? definition_of(workflow)?.fields[key] : undefined;
  return { key, title: pick(rule?.title, key), cell: (line) => field_text(rule, line.fields[key]) };
}

interface CaseListProps {
  lines: readonly CaseLine[];
  caption: string;
  columns?: readonly Column[];
  selection?: Selection;
}

export function CaseList({ lines, caption, columns, selection }: CaseListProps) {
  const [here, set_here] = useState(-1);
  const last_chosen = useRef(-1);
  const ids = lines.map((line) => line.id);
  useEffect(() => {
    remember_list({ address: location.pathname + location.search, ids });
  }, [ids.join()]);
  useEffect(() => restore_place(), [address.value.entry]);

  const go = (index: number) => {
    const next = Math.max(0, Math.min(lines.length - 1, index));
    set_here(next);
    document.getElementById(`line-${ids[next]}`)?.querySelector<HTMLElement>("a")?.focus();
  };
  const toggle = (index: number, range: boolean) => {
    const line = lines[index];
    if (!selection || !line) return;
    const on = !selection.chosen.has(line.id);
    const from = range && last_chosen.current >= 0 ? last_chosen.current : index;
    selection.choose(ids.slice(Math.min(from, index), Math.max(from, index) + 1), on);
    last_chosen.current = index;
  };
  use_keys({
    j: () => go(here + 1),
    k: () => go(here - 1),
    Enter: () => lines[here] && navigate(`/case/${lines[here]!.id}`),
    x: () => toggle(here, false),
    "Shift+x": () => toggle(here, true),
  });

  if (phone.value) {
    return (
      <ul class="plain list" aria-label={caption}>
        {lines.map((line, index) => (
          <li key={line.id} id={`line-${line.id}`} data-here={String(index === here)}>
            <div class="row apart">
              <span class="muted">{line.number}</span>
              <CaseLight line={line} />
            </div>
            <a class="title" href={`/case/${line.id}`}>{line.title || t("case.untitled")}</a>
            <div class="row apart whole">
              <span>{pick(line.state_title, line.state)} · <span class="muted">{owner_text(line) || workflow_title(line.workflow)}</span></span>
              {selection && (
                <input type="checkbox" checked={selection.chosen.has(line.id)}
                  aria-label={t("list.choose", { number: line.number })} onChange={() => toggle(index, false)} />
              )}
            </div>
          </li>
        ))}
      </ul>
    );
  }

  const shown = columns ?? usual_columns.map((key) => column(key));
  const all = selection !== undefined && ids.length > 0 && ids.every((id) => selection.chosen.has(id));
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table class={shown.length > usual_columns.length ? "tight" : undefined}>
        <caption class="hidden-text">{caption}</caption>
        <thead>
          <tr>
            {selection && (
              <th scope="col" class="no-print">
                <input type="checkbox" checked={all} aria-label={t("list.choose_all")}
                  onChange={() => selection.choose(ids, !all)} />
              </th>
            )}
            {shown.map((one) => <th key={one.key} scope="col" class={one.as}>{one.title}</th>)}
          </tr>
        </thead>
        <tbody>
          {lines.map((line, index) => (
            <tr key={line.id} id={`line-${line.id}`} data-here={String(index === here)}
              data-chosen={String(selection?.chosen.has(line.id) ?? false)} onFocusCapture={() => set_here(index)}>
              {selection && (
                <td class="no-print">
                  <input type="checkbox" checked={selection.chosen.has(line.id)}
                    aria-label={t("list.choose", { number: line.number })}
                    onClick={(event) => { event.preventDefault(); toggle(index, event.shiftKey); }} />
                </td>
              )}
              {shown.map((one) => <td key={one.key} class={one.as}>{one.cell(line)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
