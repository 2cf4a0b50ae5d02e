// SPDX-License-Identifier: Apache-2.0
// How far referrals have come. A stage counts the cases that stand at it or where nobody comes without it, which the
// definition's own ways tell.
import { get_summary } from "../../api/calls";
import type { Definition } from "../../api/definition";
import { Empty, Loading, Trouble } from "../../parts/trouble";
import { definition_of, workflows } from "../../state/directory";
import { use_resource } from "../../state/resource";
import { t } from "../../text";
import type { MessageKey } from "../../text";
import { ledger_address } from "./numbers";

export const referral_workflow = "criminal-referral";

const stages: ReadonlyArray<[state: string, title: MessageKey]> = [
  ["transferred", "board.stage_transferred"],
  ["investigating", "board.stage_filed"],
  ["first_trial", "board.stage_indicted"],
  ["judged", "board.stage_judged"],
];

// The states that are reached through `gate` and not without it, with the gate itself.
export function beyond(definition: Definition, gate: string): string[] {
  const reached = new Set<string>();
  const waiting = definition.initial === gate ? [] : [definition.initial];
  while (waiting.length > 0) {
    const state = waiting.pop()!;
    if (reached.has(state)) continue;
    reached.add(state);
    for (const transition of Object.values(definition.transitions)) {
      if (transition.to && transition.to !== gate && (transition.from ?? []).includes(state)) waiting.push(transition.to);
    }
  }
  return Object.keys(definition.states).filter((state) => !reached.has(state));
}

export function ReferralFunnel() {
  const known = workflows.value.some((workflow) => workflow.id === referral_workflow);
  const definition = known ? definition_of(referral_workflow) : undefined;
  const summary = use_resource(known ? "board/referrals" : null, () => get_summary({ by: "state", workflow: referral_workflow }));
  if (!known) return null;
  if (summary.problem) return <Trouble problem={summary.problem} retry={summary.reload} />;
  const counts = new Map((summary.value?.rows ?? []).map((row) => [row.key, row.open + row.closed]));
  const shown = definition && summary.value
    ? stages.filter(([gate]) => gate in definition.states).map(([gate, title]) => {
        const states = beyond(definition, gate);
        return { title, states, count: states.reduce((sum, state) => sum + (counts.get(state) ?? 0), 0) };
      })
    : undefined;
  const none = summary.value && counts.size === 0;
  const most = Math.max(1, ...(shown ?? []).map((stage) => stage.count));
  return (
    <section class="card">
      <div class="row apart"><h2>{t("board.funnel")}</h2><a href="/pipeline">{t("screen.pipeline")}</a></div>
      {!shown && <Loading />}
      {none && <Empty>{t("board.no_referrals")}</Empty>}
      <ol class="plain funnel">
        {!none && shown?.map((stage) => (
          <li key={stage.title}>
            <span>{t(stage.title)}</span>
            <div class="bar" aria-hidden="true"><span style={{ width: `${(stage.count / most) * 100}%` }} /></div>
            <a href={ledger_address(referral_workflow, { state: stage.states.join(",") })}
              aria-label={t("board.stage_count", { stage: t(stage.title), count: stage.count })}>{stage.count}</a>
          </li>
        ))}
      </ol>
      {!none && <p class="muted">{t("board.funnel_note")}</p>}
    </section>
  );
}
