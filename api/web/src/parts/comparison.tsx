// SPDX-License-Identifier: Apache-2.0
// Somebody else acted on the case while a form was being filled: what it was, what it is now, what was typed here.
import type { Case } from "../api/contract";
import type { Definition } from "../api/definition";
import { is_filled } from "../api/schema";
import type { Values } from "../api/schema";
import { pick, t } from "../text";
import { field_text } from "./field_text";

export interface Moved {
  before: { state: string; fields: Values };
  now: Case;
}

interface ComparisonProps {
  moved: Moved;
  definition?: Definition;
  mine: Values;
  take_theirs: (name: string) => void;
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left ?? null) === JSON.stringify(right ?? null);
}

export function compared_names(moved: Moved, mine: Values): string[] {
  const names = new Set([...Object.keys(mine).filter((name) => is_filled(mine[name])),
    ...Object.keys(moved.now.fields), ...Object.keys(moved.before.fields)]);
  return [...names].filter((name) => {
    const changed = !same(moved.before.fields[name], moved.now.fields[name]);
    return changed || (is_filled(mine[name]) && !same(mine[name], moved.now.fields[name]));
  });
}

export function Comparison({ moved, definition, mine, take_theirs }: ComparisonProps) {
  const state_title = (state: string) => pick(definition?.states[state]?.title, state);
  const names = compared_names(moved, mine);
  return (
    <div class="stack" id="comparison">
      <div class="trouble" role="alert">
        <p><strong>{t("moved.title")}</strong></p>
        <p>
          {moved.before.state === moved.now.state
            ? t("moved.same_state", { state: state_title(moved.now.state) })
            : t("moved.other_state", { before: state_title(moved.before.state), now: state_title(moved.now.state) })}
        </p>
        <p>{t("moved.how")}</p>
      </div>
      {names.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={t("moved.table")}>
          <table class="compare">
            <caption class="hidden-text">{t("moved.table")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("moved.field")}</th><th scope="col">{t("moved.before")}</th>
                <th scope="col">{t("moved.now")}</th><th scope="col">{t("moved.mine")}</th>
              </tr>
            </thead>
            <tbody>
              {names.map((name) => {
                const rule = definition?.fields[name];
                const changed = !same(moved.before.fields[name], moved.now.fields[name]);
                const typed = is_filled(mine[name]);
                return (
                  <tr key={name}>
                    <th scope="row">{pick(rule?.title ?? definition?.parties[name]?.title, name)}</th>
                    <td>{field_text(rule, moved.before.fields[name])}</td>
                    <td class={changed ? "changed" : ""}>{field_text(rule, moved.now.fields[name])}</td>
                    <td>
                      {field_text(rule, mine[name])}
                      {typed && changed && !same(mine[name], moved.now.fields[name]) && (
                        <div><button type="button" class="small" onClick={() => take_theirs(name)}>{t("moved.take")}</button></div>
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
