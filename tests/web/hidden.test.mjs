// SPDX-License-Identifier: Apache-2.0
// A criminal referral does not exist for a unit that is no party: on no screen, in no search, by no address.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open_page, sign_in, use_browser, visit } from "./support/browser.mjs";
import { transferred_referral } from "./support/people.mjs";
import { screens } from "./support/screens.mjs";

use_browser();

test("a referral is invisible to a unit that is no party", async () => {
  const secret = `暗管排放秘密案${Date.now()}`;
  const referral = await transferred_referral(secret);
  const { page, done } = await open_page({ expects: [403, 404] });
  await sign_in(page, "shilong-handler");
  const shown = [];
  const look = async (path) => {
    await visit(page, path);
    const text = await page.locator("body").innerText();
    if (text.includes(secret) || text.includes(referral.number) || text.includes(referral.id)) shown.push(path);
  };
  for (const path of screens) await look(path);
  await look("/ledger/criminal-referral");
  await look(`/ledger?q=${encodeURIComponent("秘密")}`);
  await look(`/ledger?q=${encodeURIComponent("秘密")}&final=false&sort=-changed`);
  assert.deepEqual(shown, []);
  await page.goto(`/case/${referral.id}`);
  const told = await page.getByRole("alert").innerText();
  await page.goto("/case/019e4475-0000-7000-8000-000000000000");
  assert.equal(await page.getByRole("alert").innerText(), told, "a hidden case is told apart from none");
  await done();
});
