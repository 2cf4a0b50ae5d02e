// SPDX-License-Identifier: Apache-2.0
import type { Case } from "../api/contract";
import type { Definition } from "../api/definition";
import { person_name, unit_title } from "../state/directory";
import { date_time_of } from "../time";
import { pick, t } from "../text";
import { action_title } from "./event_text";
import { field_text } from "./field_text";

// What one person asked for and another has to confirm.
export function PendingRequests({ subject, definition }: { subject: Case; definition?: Definition }) {
  if (subject.pending.length === 0) return null;
  return (
    <section class="told" aria-labelledby="pending-title">
      <h2 id="pending-title">{t("pending.title")}</h2>
      {subject.pending.map((one) => (
        <div key={one.id}>
          <p>
            <strong>{action_title(one.action, definition)}</strong> · {t("pending.by", {
              who: [unit_title(one.asked_by.unit), person_name(one.asked_by.person)].join(" "), at: date_time_of(one.at),
            })}
          </p>
          <ul>
            {Object.entries(one.input).map(([name, value]) => (
              <li key={name}>
                {pick(definition?.fields[name]?.title ?? definition?.parties[name]?.title, name)}{t("text.colon")}
                {field_text(definition?.fields[name], value)}
              </li>
            ))}
            {one.comment && <li>{one.comment}</li>}
          </ul>
        </div>
      ))}
    </section>
  );
}
