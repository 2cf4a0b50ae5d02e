// SPDX-License-Identifier: Apache-2.0
// The part of JSON Schema that the server uses to say what an action takes.
import type { Text } from "./contract";

export interface Schema {
  type?: string;
  title?: string;
  "x-title"?: Text;
  "x-choices"?: Record<string, Text>;
  enum?: string[];
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
}

export type Values = Record<string, unknown>;

export function is_filled(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return false;
  if (Array.isArray(value)) return value.some(is_filled);
  if (typeof value === "object") return Object.values(value as object).some(is_filled);
  return true;
}

// What was filled, without what was left empty: the server tells "empty" from "absent".
export function filled_values(values: Values): Values {
  const filled: Values = {};
  for (const [name, value] of Object.entries(values)) {
    if (!is_filled(value)) continue;
    if (Array.isArray(value)) filled[name] = value.filter(is_filled);
    else if (typeof value === "object") filled[name] = filled_values(value as Values);
    else filled[name] = value;
  }
  return filled;
}

export function missing_names(schema: Schema, values: Values): string[] {
  return (schema.required ?? []).filter((name) => {
    const part = schema.properties?.[name];
    if (part?.type === "object" && part.properties && (part.required ?? []).length === 0) return false;
    return !is_filled(values[name]);
  });
}
