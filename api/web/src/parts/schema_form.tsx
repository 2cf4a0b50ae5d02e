// SPDX-License-Identifier: Apache-2.0
// A form drawn from a JSON Schema of the server; which control fits is told by the schema and by the definition's
// field of the same name.
import type { Case } from "../api/contract";
import type { Definition, FieldRule } from "../api/definition";
import type { Schema, Values } from "../api/schema";
import { pick, t } from "../text";
import { Control } from "./schema_control";
import { Field } from "./field";
import { field_text } from "./field_text";

export interface SchemaFormProps {
  schema: Schema;
  definition?: Definition;
  value: Values;
  change: (update: (was: Values) => Values) => void;
  // By name of the member.
  errors?: Readonly<Record<string, string>>;
  // Makes ids of controls.
  prefix: string;
  // The case it is about, where there is one.
  subject?: Case;
  // Nothing is filled in beforehand; what stands there now is told beside each control.
  shows_present?: boolean;
}

export function member_title(name: string, schema: Schema, definition?: Definition): string {
  const known = definition?.fields[name]?.title ?? definition?.parties[name]?.title;
  return pick(schema["x-title"] ?? known, schema.title ?? name);
}

function is_group(schema: Schema, rule: FieldRule | undefined): boolean {
  if (schema.type === "boolean" || schema.type === "array" || rule?.type === "place") return true;
  if (schema.format === "uuid") return true;
  return schema.enum !== undefined && schema.enum.length <= 8 && schema["x-choices"] !== undefined;
}

// As the definition's author ordered them: the schema itself comes by the alphabet.
function ordered(schema: Schema, definition?: Definition): Array<[string, Schema]> {
  const order = [...Object.keys(definition?.fields ?? {}), ...Object.keys(definition?.parties ?? {})];
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return Object.entries(schema.properties ?? {}).sort(([left], [right]) => place(left) - place(right));
}

export function SchemaForm(props: SchemaFormProps) {
  const { schema, definition, value, change, errors = {}, prefix, subject } = props;
  const required = new Set(schema.required ?? []);
  return (
    <>
      {ordered(schema, definition).map(([name, part]) => {
        const id = `${prefix}-${name}`;
        const rule = definition?.fields[name];
        if (part.type === "object" && part.properties && rule?.type !== "place") {
          return (
            <div key={name} class="stack">
              <p class="muted">{t("form.only_changed")}</p>
              <SchemaForm {...props} schema={part} prefix={id} value={(value[name] as Values) ?? {}} shows_present
                change={(update) => change((was) => ({ ...was, [name]: update((was[name] as Values) ?? {}) }))} />
            </div>
          );
        }
        const present = props.shows_present ? field_text(rule, subject?.fields[name]) : "";
        const help = [pick(rule?.help), present && t("form.present", { value: present })].filter(Boolean).join(" ");
        const group = is_group(part, rule);
        return (
          <Field key={name} id={id} label={member_title(name, part, definition)} required={required.has(name)} help={help}
            wrong={errors[name]} group={group}>
            <Control id={id} name={name} schema={part} rule={rule} definition={definition} subject={subject}
              value={value[name]} wrong={errors[name]} help={help} required={required.has(name)}
              change={(next) => change((was) => ({ ...was, [name]: next }))} />
          </Field>
        );
      })}
    </>
  );
}
