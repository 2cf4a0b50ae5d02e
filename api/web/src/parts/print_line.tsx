// SPDX-License-Identifier: Apache-2.0
// On paper: who printed it, and when. The time is that of printing, not that of drawing the page.
import { useEffect, useRef } from "preact/hooks";
import { person } from "../state/session";
import { date_time_of } from "../time";
import { pick, t } from "../text";

export function PrintLine() {
  const element = useRef<HTMLParagraphElement>(null);
  const known = person.value;
  useEffect(() => {
    const say = () => {
      if (!element.current || !known) return;
      const unit = pick(known.unit_title, known.unit);
      element.current.textContent = t("print.line", { time: date_time_of(new Date()), who: known.full_name, unit });
    };
    say();
    window.addEventListener("beforeprint", say);
    return () => window.removeEventListener("beforeprint", say);
  });
  return <p ref={element} class="only-print print-line" />;
}
