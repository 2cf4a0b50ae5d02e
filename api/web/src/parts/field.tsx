// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from "preact";

interface FieldProps {
  // The control inside carries the same id.
  id: string;
  label: string;
  required?: boolean;
  help?: string;
  wrong?: string;
  // Several controls under one name: the label names the group instead of one of them.
  group?: boolean;
  children: ComponentChildren;
}

// A control with its name, its help and what is wrong with it; `described_by` ties the last two to it.
export function Field({ id, label, required, help, wrong, group, children }: FieldProps) {
  const name = <span class={required ? "required" : ""}>{label}</span>;
  const around = (
    <>
      {help && <span class="help" id={`${id}-help`}>{help}</span>}
      {children}
      {wrong && <span class="wrong" id={`${id}-wrong`}>{wrong}</span>}
    </>
  );
  if (group) {
    return (
      <fieldset class="field" id={id} tabIndex={-1} aria-describedby={described_by(id, help, wrong)}>
        <legend>{name}</legend>
        {around}
      </fieldset>
    );
  }
  return <div class="field"><label for={id}>{name}</label>{around}</div>;
}

export function described_by(id: string, help?: string, wrong?: string): string | undefined {
  const ids = [help && `${id}-help`, wrong && `${id}-wrong`].filter(Boolean);
  return ids.length > 0 ? ids.join(" ") : undefined;
}
