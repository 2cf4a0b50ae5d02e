// SPDX-License-Identifier: Apache-2.0
// Without a pointer, from signing in to striking an issue off.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open_page, use_browser } from "./support/browser.mjs";
import { password } from "./support/district.mjs";
import { paper, people, verified_issue } from "./support/people.mjs";

use_browser();

// Presses Tab until what has the focus fits.
async function tab_to(page, fits, most = 120) {
  for (let count = 0; count < most; count++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(fits)) return;
  }
  assert.fail(`Tab never reached it: ${fits}`);
}

test("a strike-off is approved by keyboard alone", async () => {
  const problem = `键盘测试${Date.now()}`;
  const issue = await verified_issue(problem);
  const { page, done } = await open_page();
  await page.goto("/");
  await page.getByRole("heading", { name: "登录" }).waitFor();
  await tab_to(page, () => document.activeElement.id === "sign-in-name");
  await page.keyboard.type("inspection-office-supervisor");
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "工作台" }).waitFor();

  await page.keyboard.press("/");
  await page.keyboard.type(problem);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: problem }).waitFor();
  await tab_to(page, () => document.activeElement.closest("a.title"));
  await page.keyboard.press("Enter");
  await page.locator(`[data-action="strike-off"]`).waitFor();
  await page.locator("#content:focus").waitFor();

  await page.keyboard.press("a");
  await page.keyboard.press("s");
  for (let count = 0; count < 20; count++) {
    if (await page.evaluate(() => document.activeElement.dataset.action === "strike-off")) break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();

  // Choosing a file opens the system's own dialog, which is answered as its user would.
  let chosen = 0;
  page.on("filechooser", (chooser) => chooser.setFiles(paper(`by-keyboard-${++chosen}.pdf`)));
  await tab_to(page, () => document.activeElement.type === "radio");
  await page.keyboard.press("Space");
  const papers = await page.getByRole("dialog").locator("input[type=file]").count();
  for (let count = 1; count <= papers; count++) {
    await tab_to(page, () => document.activeElement.type === "file" && !document.activeElement.dataset.done);
    await page.evaluate(() => (document.activeElement.dataset.done = "yes"));
    await page.keyboard.press("Enter");
    await page.getByText(`✓ by-keyboard-${count}.pdf`).waitFor();
  }
  await tab_to(page, () => document.activeElement.matches("dialog button[type=submit]"));
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal((await people.supervisor.get(`/api/v1/cases/${issue.id}`)).state, "struck_off");
  await done();
});

test("single keys do nothing while somebody types, and can be switched off", async () => {
  const { page, done } = await open_page();
  await page.goto("/");
  await page.getByLabel("用户名").fill("inspection-office-supervisor");
  await page.getByLabel("口令").fill(password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "工作台" }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("g l?");
  assert.equal(await page.locator("#search").inputValue(), "g l?");
  await page.locator("#content").focus();
  await page.keyboard.press("g");
  await page.keyboard.press("l");
  await page.getByRole("heading", { name: "台账" }).waitFor();
  await page.goto("/settings");
  await page.getByLabel("启用单键快捷键").uncheck();
  await page.locator("#content").focus();
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  assert.equal(new URL(page.url()).pathname, "/settings");
  await done();
});
