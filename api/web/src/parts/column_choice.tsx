// SPDX-License-Identifier: Apache-2.0
import { definition_of } from "../state/directory";
import { choose_columns, chosen_columns } from "../state/views";
import { t } from "../text";
import { column } from "./case_list";

const plain = ["number", "workflow", "title", "state", "light", "due", "owner", "opened", "changed", "closed"];

// Which columns the ledger shows; a workflow's own fields can be shown as well.
export function ColumnChoice({ workflow, usual }: { workflow: string; usual: readonly string[] }) {
  const fields = workflow ? Object.keys(definition_of(workflow)?.fields ?? {}) : [];
  const chosen = chosen_columns(workflow) ?? usual;
  const all = [...plain, ...fields];
  return (
    <details class="popup">
      <summary>{t("ledger.columns")}</summary>
      <div>
        <fieldset>
          <legend>{t("ledger.columns")}</legend>
          <ul class="plain">
            {all.map((key) => (
              <li key={key}>
                <label class="row">
                  <input type="checkbox" checked={chosen.includes(key)}
                    disabled={key === "title"}
                    onChange={(event) => choose_columns(workflow, event.currentTarget.checked
                      ? all.filter((one) => one === key || chosen.includes(one)) : chosen.filter((one) => one !== key))} />
                  {column(key, workflow || undefined).title}
                </label>
              </li>
            ))}
          </ul>
        </fieldset>
        <button type="button" class="small" onClick={() => choose_columns(workflow, [...usual])}>{t("ledger.usual_columns")}</button>
      </div>
    </details>
  );
}
