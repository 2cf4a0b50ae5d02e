// SPDX-License-Identifier: Apache-2.0
// The police liaison's main job: a referral is received and its filing recorded, from signing in to done.
import assert from "node:assert/strict";
import { test } from "node:test";
import { each_look, open_from_list, open_page, sign_in, use_browser } from "./support/browser.mjs";
import { paper, people, transferred_referral } from "./support/people.mjs";

use_browser();

const words = {
  zh: { worklist: "待办", decided_on: /作出日期|决定日期|日期/ },
  en: { worklist: "To do", decided_on: /on|date/i },
};

for (const { language, size, name } of each_look) {
  test(`a police liaison receives a referral and files it (${name})`, async () => {
    const title = `涉嫌污染环境案 ${name} ${Date.now()}`;
    const referral = await transferred_referral(title);
    const { page, done } = await open_page({ language, size });
    await sign_in(page, "police-liaison", language);
    const menu = size === "phone" ? page.locator(".bottom") : page.locator("nav.menu");
    await menu.getByRole("link", { name: new RegExp(`^${words[language].worklist}`) }).click();
    await open_from_list(page, title);
    for (const action of ["accept", "file"]) {
      const button = page.locator(`[data-action="${action}"]`);
      const title_of_action = (await button.innerText()).replace(/[\s*]+$/, "");
      await button.click();
      const dialog = page.getByRole("dialog");
      await dialog.locator("button[type=submit]").waitFor();
      const day = dialog.locator("input[type=date]");
      if ((await day.count()) > 0) await day.first().fill(new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10));
      await dialog.locator("input[type=file]").first().setInputFiles(paper(`${action}.pdf`));
      await dialog.getByText(`✓ ${action}.pdf`).waitFor();
      await dialog.getByRole("button", { name: title_of_action, exact: true }).click();
      await dialog.waitFor({ state: "detached" }).catch(async () => assert.fail(await dialog.innerText()));
    }
    assert.equal((await people.police.get(`/api/v1/cases/${referral.id}`)).state, "investigating");
    await done();
  });
}
