// SPDX-License-Identifier: Apache-2.0
// Instants are shown in the district's zone, whatever the device's is.
import { language, t } from "./text";

export const zone = "Asia/Shanghai";
const zone_offset = "+08:00";
const day = 86_400_000;

function locale(): string {
  return language.value === "zh" ? "zh-CN" : "en-GB";
}

function parts_of(instant: Date): Record<string, string> {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(instant);
  return Object.fromEntries(parts.map((part) => [part.type, part.value]));
}

export function date_of(instant: string | Date): string {
  const p = parts_of(new Date(instant));
  return `${p.year}-${p.month}-${p.day}`;
}

export function date_time_of(instant: string | Date): string {
  const p = parts_of(new Date(instant));
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}`;
}

// For <input type="datetime-local">, and back.
export function local_input_of(instant: string): string {
  return date_time_of(instant).replace(" ", "T");
}

export function instant_of_local_input(text: string): string {
  return `${text.length === 16 ? text : text.slice(0, 16)}:00${zone_offset}`;
}

// The last second of a date of the district.
export function end_of_day(date: string): string {
  return `${date}T23:59:59${zone_offset}`;
}

export function today(): string {
  return date_of(new Date());
}

export function day_shown(date: string): string {
  return new Intl.DateTimeFormat(locale(), { timeZone: zone, month: "short", day: "numeric", weekday: "short" }).format(
    new Date(`${date.slice(0, 10)}T12:00:00${zone_offset}`),
  );
}

// Whole days between two dates of the district: 0 is today.
export function days_until(instant: string, from: Date = new Date()): number {
  const start = Date.parse(`${date_of(from)}T00:00:00${zone_offset}`);
  const end = Date.parse(`${date_of(instant)}T00:00:00${zone_offset}`);
  return Math.round((end - start) / day);
}

export function ago(instant: string, from: Date = new Date()): string {
  const seconds = Math.max(0, Math.round((from.getTime() - Date.parse(instant)) / 1000));
  if (seconds < 60) return t("time.now");
  if (seconds < 3600) return t("time.minutes_ago", { count: Math.floor(seconds / 60) });
  if (seconds < 86_400) return t("time.hours_ago", { count: Math.floor(seconds / 3600) });
  return t("time.days_ago", { count: Math.floor(seconds / 86_400) });
}
