// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from "preact/hooks";
import type { Case } from "../api/contract";
import type { ActionRule, Definition } from "../api/definition";
import type { Values } from "../api/schema";
import { pick, t } from "../text";
import type { GivenDocuments } from "./documents_field";
import { check_guards, data_for_guards, with_times } from "./guards";
import type { GuardState } from "./guards";

interface ActionHintsProps {
  definition: Definition;
  rule: ActionRule;
  subject: Case;
  values: Values;
  documents: GivenDocuments;
}

// Which conditions are met so far; the server has the last word.
export function ActionHints({ definition, rule, subject, values, documents }: ActionHintsProps) {
  const [states, set_states] = useState<readonly GuardState[]>([]);
  useEffect(() => {
    let gone = false;
    void check_guards(definition, rule, data_for_guards(subject, values, documents)).then((found) => {
      if (!gone) set_states(found);
    });
    return () => {
      gone = true;
    };
  }, [rule, values, documents, subject.revision]);
  const open = states.filter((state) => !state.holds);
  const words_of = (id: string) => with_times(pick(definition.guards[id]?.else), data_for_guards(subject, values, documents));
  if (states.length === 0) return null;
  return (
    <div class="told" role="status">
      {open.length === 0 ? t("action.conditions_met") : t("action.conditions")}
      {open.length > 0 && (
        <ul>{open.map((state) => <li key={state.id}>{words_of(state.id)}</li>)}</ul>
      )}
    </div>
  );
}
