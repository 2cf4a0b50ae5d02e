// SPDX-License-Identifier: Apache-2.0
// A value of a case's field as people read it.
import type { FieldRule } from "../api/definition";
import { person_name, unit_title } from "../state/directory";
import { date_time_of } from "../time";
import { language, pick, t } from "../text";

interface Place {
  name?: string;
  longitude?: number;
  latitude?: number;
  accuracy?: number;
}

export function place_text(place: Place): string {
  const point =
    place.longitude !== undefined && place.latitude !== undefined
      ? `${place.latitude.toFixed(4)}, ${place.longitude.toFixed(4)}`
      : "";
  const accuracy = place.accuracy === undefined ? "" : ` ±${Math.round(place.accuracy)} m`;
  return [place.name, point + accuracy].filter(Boolean).join(" · ");
}

export function field_text(rule: FieldRule | undefined, value: unknown): string {
  if (value === undefined || value === null || value === "") return "";
  if (Array.isArray(value)) return value.map((one) => field_text(rule, one)).join(rule?.type === "text" ? "\n" : t("text.and"));
  if (value === "***") return t("field.withheld");
  switch (rule?.type) {
    case "choice": return pick(rule.choices?.[String(value)], String(value));
    case "yes_no": return value ? t("field.yes") : t("field.no");
    case "instant": return date_time_of(String(value));
    case "unit": return unit_title(String(value));
    case "person": return person_name(String(value));
    case "money":
      return new Intl.NumberFormat(language.value === "zh" ? "zh-CN" : "en", { style: "currency", currency: "CNY" })
        .format(Number(value));
    case "place": return place_text(value as Place);
    default: return typeof value === "object" ? JSON.stringify(value) : String(value);
  }
}
