// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { open_page, sign_in, use_browser } from "./support/browser.mjs";
import { people, rectifying_issue } from "./support/people.mjs";

use_browser();

test("the ledger keeps its filter in the address, and its place when somebody comes back", async () => {
  const { page, done } = await open_page();
  await sign_in(page, "inspection-office-supervisor");
  await page.goto("/ledger");
  await page.getByLabel("办结", { exact: true }).selectOption("true");
  await page.waitForURL(/final=true/);
  await page.locator("tbody tr").nth(20).waitFor();
  const link = page.locator("tbody tr").nth(20).getByRole("link");
  await link.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => window.scrollY);
  assert.ok(before > 0);
  await link.click();
  await page.locator(".case-head").waitFor();
  await page.goBack();
  await page.locator("tbody tr").nth(20).waitFor();
  await page.waitForFunction((place) => Math.abs(window.scrollY - place) < 4, before);
  assert.match(page.url(), /final=true/);
  assert.equal(await page.getByLabel("办结", { exact: true }).inputValue(), "true");
  await done();
});

test("several cases are acted on at once, and each says what became of it", async () => {
  const word = `批量${Date.now()}`;
  const issues = [await rectifying_issue(`${word}甲`), await rectifying_issue(`${word}乙`)];
  const { page, done } = await open_page();
  await sign_in(page, "water-handler");
  await page.goto(`/ledger/inspection-issue?q=${encodeURIComponent(word)}`);
  await page.getByLabel("全选").check();
  await page.getByRole("button", { name: "查看可批量办理的事项" }).click();
  await page.getByRole("region", { name: "批量办理" }).getByRole("button", { name: "填报进展" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("整改进度").fill("50");
  await dialog.getByLabel("进展情况").fill("统一填报");
  await dialog.getByRole("button", { name: /填报进展/ }).click();
  await dialog.getByText("✓").nth(1).waitFor();
  for (const issue of issues) {
    assert.equal((await people.supervisor.get(`/api/v1/cases/${issue.id}`)).fields.progress_note, "统一填报");
  }
  await done();
});

test("a ledger is taken out as text and as a workbook, in the language of the page and not of the browser", async () => {
  const { page, done } = await open_page();
  await sign_in(page, "inspection-office-supervisor");
  await page.getByRole("button", { name: "English" }).click();
  await page.goto("/ledger/inspection-issue?light=red");
  const taken = async (kind) => {
    const waiting = page.waitForEvent("download");
    await page.getByRole("link", { name: `Export ${kind}` }).click();
    const download = await waiting;
    assert.match(download.suggestedFilename(), new RegExp(`^ledger-\\d{4}-\\d\\d-\\d\\d\\.${kind.toLowerCase()}$`));
    const pieces = [];
    for await (const piece of await download.createReadStream()) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  const text = (await taken("CSV")).toString("utf8");
  assert.match(text, /^\uFEFFNumber,Workflow,Title,State,Light,Due,/);
  const workbook = await taken("XLSX");
  assert.equal(workbook.subarray(0, 2).toString("latin1"), "PK");
  await done();
});

test("a printed ledger says what it lists, by whom it was printed and when, and lists all of it", async () => {
  const { page, done } = await open_page();
  await sign_in(page, "inspection-office-supervisor");
  await page.goto("/ledger/inspection-issue?state=struck_off&closed_to=2099-01-31&sort=-closed");
  await page.locator("tbody tr").first().waitFor();
  await page.evaluate(() => { window.print = () => { window.printed = true; window.dispatchEvent(new Event("beforeprint")); }; });
  await page.getByRole("button", { name: "打印" }).click();
  await page.waitForFunction(() => window.printed);
  await page.emulateMedia({ media: "print" });
  const count = await page.locator("tbody tr").count();
  await page.getByText(`状态：已销号；办结至：2099-01-31；排序：最近办结在前；共${count}件`).waitFor();
  const { full_name, unit_title } = await people.supervisor.get("/api/v1/me");
  assert.match(await page.locator(".print-line").innerText(), new RegExp(`^20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d 打印　${full_name}（${unit_title.zh}）$`));
  assert.equal(await page.getByRole("button").count(), 0);
  await done();
});

test("a view is saved under a name, and the columns somebody chose stay", async () => {
  const { page, done } = await open_page();
  await sign_in(page, "inspection-office-supervisor");
  await page.goto("/ledger/inspection-issue?light=red&sort=due");
  await page.getByText("我的视图").click();
  await page.getByLabel("把当前筛选存为").fill("超期问题");
  await page.getByRole("button", { name: "保存视图" }).click();
  await page.locator("summary").filter({ hasText: "显示列" }).click();
  await page.getByLabel("环境要素").check();
  await page.getByRole("columnheader", { name: "环境要素" }).waitFor();
  await page.goto("/ledger");
  await page.getByText("我的视图").click();
  await page.getByRole("link", { name: "超期问题" }).click();
  await page.waitForURL("**/ledger/inspection-issue?light=red&sort=due");
  await page.getByRole("columnheader", { name: "环境要素" }).waitFor();
  await done();
});
