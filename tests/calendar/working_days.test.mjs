// SPDX-License-Identifier: Apache-2.0
// The product's counting beside a calendar that others publish: they share neither data nor code.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import test from "node:test";
import chineseDays from "chinese-days";

const program = process.env.BIHUAN_DUE_DATES
  || fileURLToPath(new URL("../../build/dev/tests/calendar/due_dates", import.meta.url));
const lines = execFileSync(program, { encoding: "utf8", maxBuffer: 64 << 20 }).trim().split("\n")
  .map((line) => line.split(" "));
const lastAnnounced = "2026-12-31";

const dayAfter = (date, days = 1) => new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
const workdays = new Map();
const works = (date) => {
  if (!workdays.has(date)) workdays.set(date, chineseDays.isWorkday(date));
  return workdays.get(date);
};
const nextWorkday = (date) => {
  do date = dayAfter(date); while (!works(date));
  return date;
};

test("every day of three years is there, with 1 to 60 working days and five periods in days", () => {
  assert.equal(lines.length, (366 + 365 + 365) * 65);
});

test("working days on end where the published calendar says", () => {
  const wrong = [];
  let compared = 0;
  let expected;
  for (const [from, unit, count, due] of lines) {
    if (unit !== "working_day") continue;
    expected = nextWorkday(count === "1" ? from : expected);
    if (expected > lastAnnounced) continue;
    ++compared;
    if (due !== expected) wrong.push(`${from} + ${count}: ${due}, published ${expected}`);
  }
  assert.deepEqual(wrong.slice(0, 10), []);
  assert.ok(compared > 60_000, `only ${compared} compared`);
});

test("days on roll off a rest day to where the published calendar says", () => {
  const wrong = [];
  let compared = 0;
  for (const [from, unit, count, due] of lines) {
    if (unit !== "day") continue;
    const end = dayAfter(from, Number(count));
    const expected = works(end) ? end : nextWorkday(end);
    if (expected > lastAnnounced) continue;
    ++compared;
    if (due !== expected) wrong.push(`${from} + ${count} days: ${due}, published ${expected}`);
  }
  assert.deepEqual(wrong.slice(0, 10), []);
  assert.ok(compared > 5_000, `only ${compared} compared`);
});

test("what ends within the announced years is certain, what needs a later year is provisional", () => {
  const wrong = lines.filter(([, , , due, certainty]) => (due > lastAnnounced) !== (certainty === "provisional"));
  assert.deepEqual(wrong.slice(0, 10), []);
});
