// SPDX-License-Identifier: Apache-2.0
// One control of a form, by what its value is.
import type { Case } from "../api/contract";
import type { Definition, FieldRule } from "../api/definition";
import type { Schema } from "../api/schema";
import { person_name } from "../state/directory";
import { instant_of_local_input, local_input_of } from "../time";
import { pick, t } from "../text";
import { CasePicker } from "./case_picker";
import { described_by } from "./field";
import { ListControl } from "./list_control";
import { PersonSelect } from "./person_select";
import { PlaceControl } from "./place_control";
import { UnitSelect } from "./unit_select";

export interface ControlProps {
  id: string;
  name: string;
  schema: Schema;
  rule?: FieldRule;
  definition?: Definition;
  subject?: Case;
  value: unknown;
  change: (value: unknown) => void;
  wrong?: string;
  help?: string;
  required?: boolean;
  // The name of the control, where no label is tied to it.
  label?: string;
}

const long_text = 200;
const few_choices = 8;

// A part in a case is given by a unit, or by a unit and a person of it.
function units_of_party(schema: Schema): string[] | undefined {
  return schema.anyOf?.find((one) => one.enum)?.enum;
}

// What need not be answered can be taken back: by pressing the answer once more.
function Radios({ id, options, value, change, required }: {
  id: string;
  required?: boolean;
  options: Array<[value: unknown, text: string]>;
  value: unknown;
  change: (value: unknown) => void;
}) {
  return (
    <div class="choices">
      {options.map(([option, text]) => (
        <label key={String(option)}>
          <input type="radio" name={id} checked={value === option} onChange={() => change(option)}
            onClick={() => !required && value === option && change(undefined)} />
          {text}
        </label>
      ))}
    </div>
  );
}

// A closed list whose texts stand elsewhere: parts, deadlines, requests of this case.
function option_text(name: string, option: string, props: ControlProps): string {
  const { definition, subject, schema } = props;
  if (schema["x-choices"]) return pick(schema["x-choices"][option], option);
  if (name === "party") return pick(definition?.parties[option]?.title, option);
  if (name === "deadline") return pick(definition?.deadlines[option]?.title, option);
  if (name === "request") {
    const pending = subject?.pending.find((one) => one.id === option);
    if (!pending) return option;
    const action = pick(definition?.transitions[pending.action]?.title ?? definition?.actions?.[pending.action]?.title,
      t("action.unnamed", { name: pending.action }));
    return t("form.request_of", { action, person: person_name(pending.asked_by.person) });
  }
  return option;
}

export function Control(props: ControlProps) {
  const { id, name, schema, rule, value, change, wrong, help, required, label } = props;
  const common = {
    id,
    "aria-invalid": wrong ? true : undefined,
    "aria-describedby": described_by(id, help, wrong),
    "aria-required": required || undefined,
    "aria-label": label,
  };
  const party_units = units_of_party(schema);
  if (schema.type === "array") return <ListControl {...props} />;
  if (party_units) return <UnitSelect {...common} units={party_units} value={value} change={change} />;
  if (rule?.type === "place") return <PlaceControl id={id} value={value} change={change} />;
  if (rule?.type === "unit" || (name === "unit" && !schema.enum)) {
    return <UnitSelect {...common} units={schema.enum} value={value} change={change} />;
  }
  if (rule?.type === "person" || name === "person") return <PersonSelect {...common} value={value} change={change} />;
  if (schema.format === "uuid" || (name === "case" && !schema.enum)) {
    return <CasePicker id={id} value={value} change={change} />;
  }
  if (schema.type === "boolean") {
    return <Radios id={id} required={required} value={value} change={change} options={[[true, t("field.yes")], [false, t("field.no")]]} />;
  }
  if (schema.enum) {
    const options = schema.enum.map((option): [string, string] => [option, option_text(name, option, props)]);
    if (schema["x-choices"] && options.length <= few_choices) {
      return <Radios id={id} required={required} value={value} change={change} options={options} />;
    }
    return (
      <select {...common} value={(value as string) ?? ""} onChange={(event) => change(event.currentTarget.value || undefined)}>
        <option value="">{t("form.choose")}</option>
        {options.map(([option, text]) => <option key={option} value={option}>{text}</option>)}
      </select>
    );
  }
  if (schema.type === "number" || schema.type === "integer") {
    return (
      <input {...common} type="number" inputMode="decimal" step={rule?.type === "money" ? "0.01" : "any"}
        min={schema.minimum} max={schema.maximum} value={(value as number | undefined) ?? ""}
        onInput={(event) => {
          const number = event.currentTarget.valueAsNumber;
          change(Number.isNaN(number) ? undefined : number);
        }} />
    );
  }
  if (schema.format === "date") {
    return <input {...common} type="date" value={(value as string) ?? ""}
      onInput={(event) => change(event.currentTarget.value || undefined)} />;
  }
  if (schema.format === "date-time") {
    return <input {...common} type="datetime-local" value={value ? local_input_of(value as string) : ""}
      onInput={(event) => change(event.currentTarget.value ? instant_of_local_input(event.currentTarget.value) : undefined)} />;
  }
  const text = (value as string) ?? "";
  if ((schema.maxLength ?? 0) > long_text) {
    return <textarea {...common} maxLength={schema.maxLength} value={text}
      onInput={(event) => change(event.currentTarget.value)} />;
  }
  return <input {...common} maxLength={schema.maxLength} value={text}
    onInput={(event) => change(event.currentTarget.value)} />;
}

