// SPDX-License-Identifier: Apache-2.0
import type { ComponentType } from "preact";
import { AccountTokens } from "../parts/account_tokens";
import type { ScreenProps } from "../routes";
import { t } from "../text";
import type { MessageKey } from "../text";
import { Calendars } from "./administration/calendars";
import { Definitions } from "./administration/definitions";
import { Editor } from "./administration/editor";
import { Moving } from "./administration/migration";
import { Health } from "./administration/health";
import { People } from "./administration/people";
import { Units } from "./administration/units";

const parts: ReadonlyArray<[name: string, title: MessageKey, part: ComponentType]> = [
  ["people", "administration.people", People],
  ["units", "administration.units", Units],
  ["definitions", "administration.definitions", Definitions],
  ["calendar", "administration.calendar", Calendars],
  ["tokens", "tokens.title", AccountTokens],
  ["health", "administration.health", Health],
];

// Reached from a definition, and no part by themselves.
const within: typeof parts = [
  ["editor", "administration.definitions", Editor],
  ["migration", "administration.definitions", Moving],
];

export default function Administration({ parameters }: ScreenProps) {
  const [chosen, title, Part] = [...parts, ...within].find(([name]) => name === parameters.part) ?? parts[0]!;
  return (
    <>
      <div class="head"><h1>{t("screen.administration")}</h1></div>
      <nav class="tabs" aria-label={t("administration.parts")}>
        {parts.map(([name, text]) => (
          <a key={name} href={`/administration/${name}`} aria-current={name === chosen || text === title ? "page" : undefined}>{t(text)}</a>
        ))}
      </nav>
      <div class="stack" role="group" aria-label={t(title)}><Part /></div>
    </>
  );
}
