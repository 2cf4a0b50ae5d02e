// SPDX-License-Identifier: Apache-2.0
// What a person chose about the page itself; kept on this device, since it is about the device.
import { effect, signal } from "@preact/signals";
import type { Language } from "../text";
import { use_language } from "../text";

export type Theme = "system" | "light" | "dark";

export interface Settings {
  language: Language;
  theme: Theme;
  text_step: 0 | 1 | 2;
  single_keys: boolean;
  menu_folded: boolean;
}

const place = "bihuan.settings";
const usual: Settings = { language: "zh", theme: "system", text_step: 0, single_keys: true, menu_folded: false };

function kept(): Settings {
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(place) ?? "{}") as Partial<Settings>) };
  } catch {
    return usual;
  }
}

export const settings = signal<Settings>(kept());

export function change_settings(changed: Partial<Settings>): void {
  settings.value = { ...settings.value, ...changed };
  try {
    localStorage.setItem(place, JSON.stringify(settings.value));
  } catch {
    // A browser that keeps nothing still shows what was chosen, until it is closed.
  }
}

export async function apply_settings(): Promise<void> {
  await use_language(settings.value.language);
  effect(() => {
    const { theme, text_step, language } = settings.value;
    const root = document.documentElement;
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    root.dataset.text = String(text_step);
    void use_language(language);
  });
}
