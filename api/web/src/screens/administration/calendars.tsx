// SPDX-License-Identifier: Apache-2.0
import { workflows } from "../../state/directory";
import { pick, t } from "../../text";

// The contract has no list of a calendar's days; what is known is which workflow counts by which. The days themselves
// stand in each deadline's own account of how it was computed.
export function Calendars() {
  const calendars = [...new Set(workflows.value.map((line) => line.calendar))];
  return (
    <section class="card stack">
      <h2>{t("administration.calendar")}</h2>
      <p>{t("administration.calendar_note")}</p>
      {calendars.map((calendar) => (
        <div key={calendar}>
          <h3 class="mono">{calendar}</h3>
          <ul>
            {workflows.value.filter((line) => line.calendar === calendar).map((line) => (
              <li key={line.id}><a href={`/administration/definitions?workflow=${line.id}`}>{pick(line.title, line.id)}</a></li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
