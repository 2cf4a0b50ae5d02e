// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { open_page, sign_in, use_browser } from "./support/browser.mjs";
import { people, rectifying_issue } from "./support/people.mjs";

use_browser();

test("who acts on a case that moved compares item by item, and goes on with what they typed", async () => {
  const { id } = await rectifying_issue(`两人测试 ${Date.now()}`);
  const { page, done } = await open_page({ expects: [412] });
  await sign_in(page, "water-handler");
  await page.goto(`/case/${id}`);
  await page.locator(`[data-action="progress"]`).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("整改进度").fill("40");
  await form.getByLabel("进展情况").fill("我这边写的进展");
  await people.water_head.act(id, "progress", { progress_percent: 60, progress_note: "科长写的进展" });
  await form.getByRole("button", { name: "填报进展", exact: true }).click();
  await form.getByText("其他人办理了此案").waitFor();
  const row = form.getByRole("row", { name: /进展情况/ });
  assert.match(await row.innerText(), /科长写的进展/);
  assert.match(await row.innerText(), /我这边写的进展/);
  const percent = form.getByRole("row", { name: /整改进度/ });
  await percent.getByRole("button", { name: "采用现在的" }).click();
  await form.getByRole("button", { name: "按最新情况继续" }).click();
  assert.equal(await form.getByLabel("整改进度").inputValue(), "60");
  assert.equal(await form.getByLabel("进展情况").inputValue(), "我这边写的进展");
  await form.getByRole("button", { name: "填报进展", exact: true }).click();
  await form.waitFor({ state: "detached" });
  const now = await people.supervisor.get(`/api/v1/cases/${id}`);
  assert.equal(now.fields.progress_note, "我这边写的进展");
  assert.equal(now.fields.progress_percent, 60);
  await done();
});
