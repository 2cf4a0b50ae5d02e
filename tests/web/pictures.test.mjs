// SPDX-License-Identifier: Apache-2.0
// The pictures of the README, taken from the demonstration district: BIHUAN_PICTURES names where they go.
import assert from "node:assert/strict";
import { mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { open_page, settled, sign_in, use_browser } from "./support/browser.mjs";
import { people } from "./support/people.mjs";

use_browser();

const directory = process.env.BIHUAN_PICTURES ?? join(dirname(fileURLToPath(import.meta.url)), "pictures");
const most_bytes = 200 * 1024;

async function an_overdue_issue() {
  const page = await people.supervisor.get("/api/v1/cases?workflow=inspection-issue&light=red&limit=1");
  return page.items[0].id;
}

const wanted = [
  { name: "board", who: "inspection-office-supervisor", path: () => "/board" },
  { name: "case", who: "inspection-office-supervisor", path: async () => `/case/${await an_overdue_issue()}` },
  { name: "ledger", who: "inspection-office-supervisor", path: () => "/ledger/inspection-issue?light=red" },
  { name: "report", who: "lijiatuo-inspector", path: () => "/report", size: "phone" },
];

for (const { name, who, path, size } of wanted) {
  test(`the picture of the ${name} is taken and is small enough`, async () => {
    mkdirSync(directory, { recursive: true });
    const { page, done } = await open_page({ size });
    await sign_in(page, who);
    await page.goto(await path());
    await page.locator("main h1").waitFor();
    await settled(page);
    const file = join(directory, `${name}.png`);
    await page.screenshot({ path: file });
    assert.ok(statSync(file).size < most_bytes, `${statSync(file).size} bytes`);
    await done();
  });
}
