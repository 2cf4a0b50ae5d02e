// SPDX-License-Identifier: Apache-2.0
// What is around somebody: by distance, and what is at the very spot of a report.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open_page, sign_in, use_browser } from "./support/browser.mjs";
import { people } from "./support/people.mjs";

use_browser();

// The browsers of these tests stand at 29.3812, 106.5403; a thousandth of a degree to the north is 111 m.
const issue_at = (problem, latitude) => people.inspector.open("inspection-issue", {
  problem, category: "water", level: "general", place: { name: problem, latitude, longitude: 106.5403 },
});

test("what is open around is listed nearest first, within the circle chosen", async () => {
  const word = Date.now();
  await issue_at(`八百米外 ${word}`, 29.3884);
  await issue_at(`三百米外 ${word}`, 29.3839);
  await issue_at(`十一公里外 ${word}`, 29.4812);
  const { page, done } = await open_page({ size: "phone" });
  await sign_in(page, "lijiatuo-inspector");
  await page.goto("/nearby");
  const entries = page.getByRole("list", { name: "附近" }).getByRole("listitem").filter({ hasText: String(word) });
  await entries.nth(1).waitFor();
  assert.equal(await entries.count(), 2);
  assert.match(await entries.nth(0).innerText(), /三百米外[^]*300米/);
  assert.match(await entries.nth(1).innerText(), /八百米外[^]*801米/);
  await page.getByLabel("范围").selectOption("20");
  await entries.nth(2).waitFor();
  assert.match(await entries.nth(2).innerText(), /11\.1公里/);
  await page.getByRole("button", { name: "地图" }).click();
  await page.locator(".map .leaflet-interactive").nth(2).waitFor();
  await done();
});

test("a report shows what is open at the same spot already", async () => {
  const problem = `同一排口 ${Date.now()}`;
  // Where no other test reports: only the three nearest are shown.
  const { number } = await issue_at(problem, 29.3015);
  const { page, done } = await open_page({ size: "phone" });
  await page.context().setGeolocation({ latitude: 29.3012, longitude: 106.5403, accuracy: 12 });
  await sign_in(page, "lijiatuo-inspector");
  await page.goto("/report");
  await page.getByText(/50米内已有\d+件未办结的问题/).waitFor();
  await page.getByRole("link", { name: `${number} ${problem}` }).waitFor();
  await done();
});
