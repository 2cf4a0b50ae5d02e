// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";
import type { Case, Event } from "../api/contract";
import type { Definition } from "../api/definition";
import { date_of } from "../time";
import { pick, t } from "../text";
import { StateDiagram, visits_of } from "./state_diagram";

// Where the case has been, as an ordered list, and the whole flow as a drawing.
export function CaseSteps({ subject, definition, events }: { subject: Case; definition: Definition; events: readonly Event[] }) {
  const [drawn, set_drawn] = useState(window.innerWidth > 760);
  const visits = visits_of(events);
  return (
    <section class="card" aria-labelledby="steps-title">
      <h2 id="steps-title">{t("case.flow")}</h2>
      <ol class="steps">
        {visits.map((visit, index) => {
          const last = index === visits.length - 1 && visit.state === subject.state;
          return (
            <li key={index} aria-current={last ? "step" : undefined}>
              <span class="step">
                {pick(definition.states[visit.state]?.title, visit.state)} {date_of(visit.at).slice(5)}
                {last && <span class="hidden-text">{t("case.present_state")}</span>}
              </span>
            </li>
          );
        })}
      </ol>
      <details class="no-print" open={drawn} onToggle={(event) => set_drawn(event.currentTarget.open)}>
        <summary>{t("case.diagram")}</summary>
        {drawn && <StateDiagram definition={definition} visits={visits} current={subject.state} />}
      </details>
    </section>
  );
}
