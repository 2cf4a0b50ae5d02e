// SPDX-License-Identifier: Apache-2.0
// The light of a case or a deadline: a shape, a word and the days; the colour says nothing more.
import type { CaseLine, Deadline, Light as LightName } from "../api/contract";
import { days_until } from "../time";
import { t } from "../text";

const shapes: Record<LightName, string> = { green: "●", yellow: "▲", red: "■", grey: "○" };

// Working days as the server counts them, by the calendar of the case; on the last day and over a free one, the days
// themselves.
function days_text(deadline: Deadline): string {
  if (deadline.state !== "running") return "";
  const days = days_until(deadline.due);
  if (days === 0) return Date.parse(deadline.due) < Date.now() ? t("light.late_today") : t("light.today");
  const { remaining } = deadline;
  if (remaining && remaining > 0) return t("light.working_days_left", { count: remaining });
  if (remaining && remaining < 0) return t("light.working_days_late", { count: -remaining });
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
  return <LightChip light={deadline.light} word={word} days={days_text(deadline)} />;
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
  return <LightChip light={line.light} word={t(`light.${line.light}`)} days={days_text(leading)} />;
}
