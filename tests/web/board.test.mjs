// SPDX-License-Identifier: Apache-2.0
// Every number on the board is the list behind it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open_page, settled, sign_in, use_browser } from "./support/browser.mjs";
import { people, transferred_referral } from "./support/people.mjs";

use_browser();

// What the ledger at this address lists.
async function length_of(address, reader) {
  const { pathname, searchParams } = new URL(address, "http://page");
  const workflow = pathname.split("/")[2];
  if (workflow) searchParams.set("workflow", workflow);
  // A day that a list goes up to is in it.
  for (const name of ["opened_to", "closed_to"]) {
    if (searchParams.has(name)) searchParams.set(name, `${searchParams.get(name)}T23:59:59+08:00`);
  }
  searchParams.set("limit", "200");
  let length = 0;
  for (let cursor = ""; cursor !== null; ) {
    if (cursor) searchParams.set("cursor", cursor);
    const page = await reader.get(`/api/v1/cases?${searchParams}`);
    length += page.items.length;
    cursor = page.next_cursor;
  }
  return length;
}

async function numbers_on(page) {
  await page.evaluate(() => document.querySelectorAll("main details").forEach((one) => (one.open = true)));
  return page.locator("main a[href^='/ledger']").evaluateAll((links) => links.flatMap((link) => {
    const text = (link.querySelector("strong") ?? link).textContent.trim();
    return /^\d+$/.test(text) ? [{ address: link.getAttribute("href"), said: Number(text) }] : [];
  }));
}

// Referrals are seen by their parties alone: the office has none in its funnel, the bureau has its own.
const readers = [
  { who: people.supervisor, least: 40 },
  { who: people.bureau_head, least: 30, funnel: true },
];

for (const { who, least, funnel } of readers) {
  test(`each number on the board is the length of the list it leads to (${who.name})`, { timeout: 120_000 }, async () => {
    // It has been handed over, though it waits for papers now.
    const { id } = await transferred_referral(`漏斗测试 ${Date.now()}`);
    await people.police.act(id, "incomplete", { missing_papers: "检验报告" }, ["correction-list"]);
    const { page, done } = await open_page();
    await sign_in(page, who.name);
    let wrong;
    // Others work on the same district meanwhile: what differs is looked at again.
    for (let turn = 0; turn < 4; turn++) {
      await page.goto("/board");
      await page.locator("main h1").waitFor();
      await settled(page);
      const numbers = await numbers_on(page);
      assert.ok(numbers.length >= least, `${numbers.length} numbers`);
      const counted = await Promise.all(numbers.map(async (one) => ({ ...one, listed: await length_of(one.address, who) })));
      wrong = counted.filter(({ said, listed }) => said !== listed);
      if (wrong.length === 0) break;
    }
    assert.deepEqual(wrong, []);
    const stages = page.locator(".funnel").getByRole("link");
    if (funnel) {
      await stages.first().click();
      await page.locator(`#line-${id}`).waitFor();
    } else {
      assert.equal(await stages.count(), 0);
    }
    await done();
  });
}
