// SPDX-License-Identifier: Apache-2.0
// What a desk does all day beside the steps themselves: papers, what was handled, exports, and what others do meanwhile.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open_page, sign_in, use_browser } from "./support/browser.mjs";
import { drafted_item, people, published_item, rectifying_issue } from "./support/people.mjs";

use_browser();

async function contents_of(download) {
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

test("a paper is filled from the case, issued under a number of its own, and kept with the case", async () => {
  const { id } = await rectifying_issue(`出具文书 ${Date.now()}`);
  const { page, done } = await open_page();
  await sign_in(page, "inspection-office-supervisor");
  await page.goto(`/case/${id}`);
  const line = page.getByRole("region", { name: "出具文书" }).getByRole("listitem").filter({ hasText: "交办单" });
  const preview = await page.context().request.get(await line.getByRole("link").getAttribute("href"));
  assert.match(await preview.text(), /出具文书/);
  await line.getByRole("button", { name: "出具" }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("button", { name: "出具", exact: true }).click();
  await form.waitFor({ state: "detached" });
  const { documents } = await people.supervisor.get(`/api/v1/cases/${id}`);
  const issued = documents["assignment-notice"].at(-1);
  assert.match(issued.name, /交办单.*\.html$/);
  await page.getByRole("region", { name: "文书与材料" }).getByRole("link", { name: issued.name }).waitFor();
  await done();
});

test("what somebody else does appears on an open case by itself, with their name", async () => {
  const { id } = await rectifying_issue(`实时更新 ${Date.now()}`);
  const { page, done } = await open_page();
  await sign_in(page, "inspection-office-supervisor");
  await page.goto(`/case/${id}`);
  await page.locator(".timeline").waitFor();
  await page.waitForFunction(() => performance.getEntriesByType("resource").length > 0);
  await people.water_handler.act(id, "progress", { progress_percent: 30, progress_note: "围挡已经完成" });
  // Well before the page would ask by itself.
  const entry = page.locator(".timeline > li").filter({ hasText: "围挡已经完成" });
  await entry.waitFor({ timeout: 15_000 });
  const { items } = await people.supervisor.get("/api/v1/directory");
  const name = items.find((person) => person.id === "water-handler").full_name;
  assert.ok((await entry.innerText()).includes(name), `${name} is named`);
  await done();
});

test("what somebody handled stands under handled, whoever's turn it is now", async () => {
  const problem = `已办测试 ${Date.now()}`;
  const { id } = await rectifying_issue(problem);
  await people.water_handler.act(id, "progress", { progress_percent: 10, progress_note: "进场" });
  const { page, done } = await open_page();
  await sign_in(page, "water-handler");
  await page.goto("/worklist");
  await page.getByRole("link", { name: "已办", exact: true }).click();
  await page.getByRole("link", { name: problem }).waitFor();
  await done();
});

test("the ledger is exported with its filters", async () => {
  const word = `导出测试${Date.now()}`;
  const { number } = await people.supervisor.get(`/api/v1/cases/${(await rectifying_issue(word)).id}`);
  const { page, done } = await open_page();
  await sign_in(page, "inspection-office-supervisor");
  await page.goto(`/ledger/inspection-issue?q=${encodeURIComponent(word)}`);
  await page.getByRole("link", { name: word }).waitFor();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: /^导出CSV/ }).click()]);
  const text = await contents_of(file);
  assert.ok(text.startsWith("\ufeff"));
  const lines = text.trim().split(/\r?\n/);
  assert.equal(lines.length, 2, "the title line and the one case");
  assert.ok(lines[1].includes(number) && lines[1].includes(word));
  await done();
});

test("the published list of responsibilities is read without signing in, and what is not published is not in it", async () => {
  const published = await published_item(`入河排污口监督管理 ${Date.now()}`);
  const draft = await drafted_item(`还在梳理的事项 ${Date.now()}`);
  const { page, done } = await open_page();
  await page.goto("/");
  await page.getByRole("link", { name: /公开的责任清单/ }).click();
  const row = page.getByRole("row").filter({ hasText: published.item });
  await row.waitFor();
  assert.match(await row.innerText(), /区水利局/);
  assert.equal(await page.getByText(draft.item).count(), 0);
  assert.equal(await page.locator("main a[href^='/case/']").count(), 0);
  await done();
});
