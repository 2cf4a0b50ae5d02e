// SPDX-License-Identifier: Apache-2.0
// The same thing for several cases: what all of them allow is offered, filled in once, and done one by one, so that each
// says for itself whether it went through.
import { useState } from "preact/hooks";
import type { Action, Case, CaseLine } from "../api/contract";
import { get_case } from "../api/calls";
import { as_problem, problem_text } from "../api/problem";
import { pick, t } from "../text";
import { BulkDialog } from "./bulk_dialog";

export const most_at_once = 50;

// What every one of them can do now, in the order of the first.
export function common_actions(cases: readonly Case[]): Action[] {
  const [first, ...rest] = cases;
  if (!first || rest.some((one) => one.workflow !== first.workflow)) return [];
  const usable = (action: Action) => action.possible || action.refusals.every((one) => one.code === "document_missing");
  return first.allowed_actions.filter((action) =>
    usable(action) && rest.every((one) => one.allowed_actions.some((other) => other.name === action.name && usable(other))));
}

export function BulkBar({ lines, clear, done }: { lines: readonly CaseLine[]; clear: () => void; done: () => void }) {
  const [cases, set_cases] = useState<readonly Case[] | undefined>(undefined);
  const [told, set_told] = useState("");
  const [action, set_action] = useState<Action | undefined>(undefined);
  const ids = lines.map((line) => line.id).join();

  const look = async () => {
    set_told(t("shell.loading"));
    try {
      const found: Case[] = [];
      for (const line of lines.slice(0, most_at_once)) found.push(await get_case(line.id));
      set_cases(found);
      set_told(common_actions(found).length === 0 ? t("bulk.nothing_common") : "");
    } catch (fault) {
      set_told(problem_text(as_problem(fault)));
    }
  };
  const current = cases && cases.map((one) => one.id).join() === ids ? cases : undefined;
  return (
    <div class="bulk" role="region" aria-label={t("bulk.title")}>
      <strong>{t("bulk.chosen", { count: lines.length })}</strong>
      {!current && <button type="button" onClick={() => void look()}>{t("bulk.what_can")}</button>}
      {current && common_actions(current).map((one) => (
        <button key={one.name} type="button" onClick={() => set_action(one)}>{pick(one.title, one.name)}</button>
      ))}
      <span role="status">{told}{lines.length > most_at_once && ` ${t("bulk.most", { count: most_at_once })}`}</span>
      <button type="button" class="quiet" onClick={clear}>{t("bulk.clear")}</button>
      {current && action && (
        <BulkDialog cases={current} action={action} close={(acted) => {
          set_action(undefined);
          if (!acted) return;
          set_cases(undefined);
          clear();
          done();
        }} />
      )}
    </div>
  );
}
