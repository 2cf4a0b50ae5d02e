// SPDX-License-Identifier: Apache-2.0
// The light of a case or a deadline: a shape, a word and the days; the colour says nothing more.
import type { CaseLine, Deadline, Light as LightName } from "../api/contract";
import { days_until } from "../time";
import { t } from "../text";

const shapes: Record<LightName, string> = { green: "●", yellow: "▲", red: "■", grey: "○" };

export function days_text(due: string, state: Deadline["state"] = "running"): string {
  if (state !== "running") return "";
  const days = days_until(due);
  if (days === 0) return Date.parse(due) < Date.now() ? t("light.late_today") : t("light.today");
  if (days > 0) return t("light.days_left", { count: days });
  return t("light.days_late", { count: -days });
}

function LightChip({ light, word, days }: { light: LightName; word: string; days: string }) {
  return (
    <span class={`chip ${light}`}>
      <span aria-hidden="true">{shapes[light]}</span>{word}{days && <span>{days}</span>}
    </span>
  );
}

export function DeadlineLight({ deadline }: { deadline: Deadline }) {
  const word = deadline.state === "running" ? t(`light.${deadline.light}`) : t(`deadline.${deadline.state}`);
  return <LightChip light={deadline.light} word={word} days={days_text(deadline.due, deadline.state)} />;
}

// The deadline that makes a case as red as it is: the soonest due that runs.
export function leading_deadline(line: CaseLine): Deadline | undefined {
  const running = line.deadlines.filter((deadline) => deadline.state === "running");
  running.sort((left, right) => Date.parse(left.due) - Date.parse(right.due));
  return running[0];
}

export function CaseLight({ line }: { line: CaseLine }) {
  const leading = leading_deadline(line);
  if (!leading) {
    const paused = line.deadlines.some((deadline) => deadline.state === "paused");
    const word = line.final ? t("light.final") : paused ? t("deadline.paused") : t("light.none");
    return <LightChip light="grey" word={word} days="" />;
  }
  return <LightChip light={line.light} word={t(`light.${line.light}`)} days={days_text(leading.due)} />;
}
