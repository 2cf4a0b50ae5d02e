// SPDX-License-Identifier: Apache-2.0
import { pick, t } from "../text";
import { Control } from "./schema_control";
import type { ControlProps } from "./schema_control";

// Several values of one kind: ticked where they are few and known, otherwise one row each.
export function ListControl(props: ControlProps) {
  const { id, schema, value, change } = props;
  const items = schema.items ?? {};
  const given = (value as unknown[] | undefined) ?? [];
  const choices = items["x-choices"] ?? schema["x-choices"];
  if (items.enum && choices) {
    return (
      <div class="choices">
        {items.enum.map((option) => (
          <label key={option}>
            <input type="checkbox" checked={given.includes(option)}
              onChange={(event) => change(event.currentTarget.checked
                ? [...given, option] : given.filter((one) => one !== option))} />
            {pick(choices[option], option)}
          </label>
        ))}
      </div>
    );
  }
  const rows = given.length > 0 ? given : [undefined];
  const replace = (index: number, next: unknown) => change(rows.map((row, at) => (at === index ? next : row)));
  return (
    <div class="stack">
      {rows.map((row, index) => (
        <div class="row" key={index}>
          <div class="grow">
            <Control {...props} id={`${id}-${index}`} schema={items} value={row} help={undefined} wrong={undefined}
              label={t("form.entry", { number: index + 1 })} change={(next) => replace(index, next)} />
          </div>
          {given.length > 0 && (
            <button type="button" class="small" aria-label={t("form.remove_entry", { number: index + 1 })}
              onClick={() => change(rows.filter((_, at) => at !== index))}>×</button>
          )}
        </div>
      ))}
      <div class="row">
        <button type="button" class="small" disabled={rows.length >= (schema.maxItems ?? 100)}
          onClick={() => change([...rows, undefined])}>{t("form.add_entry")}</button>
      </div>
    </div>
  );
}

