// SPDX-License-Identifier: Apache-2.0
// What people read. Only the chosen language's catalogue is loaded; texts of definitions come from the server in
// both languages and are picked by `pick`.
import { signal } from "@preact/signals";
import type zh from "./messages/zh.json";
import type { Text } from "./api/contract";

export type MessageKey = keyof typeof zh;
export type Language = "zh" | "en";
type Catalogue = Record<string, string>;

export const language = signal<Language>("zh");
const catalogue = signal<Catalogue>({});

export async function use_language(wanted: Language): Promise<void> {
  const loaded: { default: unknown } =
    wanted === "zh" ? await import("./messages/zh.json") : await import("./messages/en.json");
  catalogue.value = loaded.default as Catalogue;
  language.value = wanted;
  document.documentElement.lang = wanted === "zh" ? "zh-CN" : "en";
}

function fill(text: string, values?: Record<string, string | number>): string {
  if (!values) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

// The text of a key, its {names} filled.
export function t(key: MessageKey, values?: Record<string, string | number>): string {
  return fill(catalogue.value[key] ?? key, values);
}

// For keys made from data (a role, an event's type): `otherwise` where the catalogue has none.
export function t_or(key: string, otherwise: string, values?: Record<string, string | number>): string {
  const text = catalogue.value[key];
  return text === undefined ? otherwise : fill(text, values);
}

// A text of the server in the chosen language.
export function pick(text: Text | null | undefined, otherwise = ""): string {
  if (!text) return otherwise;
  return text[language.value] || text.zh || text.en || otherwise;
}
