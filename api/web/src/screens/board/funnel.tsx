// SPDX-License-Identifier: Apache-2.0
// How far referrals have come: how many have ever been at each stage, wherever they stand now.
import { get_reached } from "../../api/board_calls";
import { Empty, Loading, Trouble } from "../../parts/trouble";
import { workflows } from "../../state/directory";
import { use_live } from "../../state/live";
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

// `here`: on the screen that the others lead to.
export function ReferralFunnel({ here = false }: { here?: boolean }) {
  const known = workflows.value.some((workflow) => workflow.id === referral_workflow);
  const reached = use_resource(known ? "board/reached" : null, (signal) => get_reached(referral_workflow, signal));
  use_live(reached.reload);
  if (!known) return null;
  if (reached.problem) return <Trouble problem={reached.problem} retry={reached.reload} />;
  const counts = new Map((reached.value?.rows ?? []).map((row) => [row.key, row.cases]));
  const shown = stages.filter(([state]) => counts.has(state)).map(([state, title]) => ({ state, title, count: counts.get(state)! }));
  const none = reached.value && shown.every((stage) => stage.count === 0);
  const most = Math.max(1, ...shown.map((stage) => stage.count));
  return (
    <section class="card">
      <div class="row apart"><h2>{t("board.funnel")}</h2>{!here && <a href="/pipeline">{t("screen.pipeline")}</a>}</div>
      {!reached.value && <Loading />}
      {none && <Empty>{t("board.no_referrals")}</Empty>}
      <ol class="plain funnel">
        {!none && shown.map((stage) => (
          <li key={stage.title}>
            <span>{t(stage.title)}</span>
            <div class="bar" aria-hidden="true"><span style={{ width: `${(stage.count / most) * 100}%` }} /></div>
            <a href={ledger_address(referral_workflow, { reached: stage.state })}
              aria-label={t("board.stage_count", { stage: t(stage.title), count: stage.count })}>{stage.count}</a>
          </li>
        ))}
      </ol>
      {!none && <p class="muted">{t("board.funnel_note")}</p>}
    </section>
  );
}
