// SPDX-License-Identifier: Apache-2.0
// What goes to other systems and comes back: a calendar's address, and a ledger that somebody edited.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open_page, sign_in, use_browser } from "./support/browser.mjs";

use_browser();

test("a calendar feed's address is shown once, lets a calendar in, and ends when it is revoked", async () => {
  const { page, done } = await open_page({ expects: [404] });
  await sign_in(page, "inspection-office-supervisor");
  await page.goto("/settings");
  const feeds = page.getByRole("region", { name: "日历订阅" });
  await feeds.getByText("新建订阅").first().click();
  await feeds.getByLabel("名称").fill("办公室");
  await feeds.getByRole("button", { name: "新建订阅" }).click();
  const address = (await feeds.locator(".mono").textContent()).trim();
  const read = () => page.evaluate(async (target) => {
    const answer = await fetch(target, { credentials: "omit" });
    return { status: answer.status, text: await answer.text() };
  }, address);
  assert.match((await read()).text, /^BEGIN:VCALENDAR/);
  await feeds.getByRole("button", { name: "撤销订阅 办公室" }).click();
  await feeds.getByText("还没有订阅。").waitFor();
  assert.equal((await read()).status, 404);
  await done();
});

test("a ledger that comes back edited is looked at first and then corrected", async () => {
  const { page, done } = await open_page();
  await sign_in(page, "inspection-office-supervisor");
  await page.goto("/ledger/inspection-issue");
  await page.locator("tbody tr").first().waitFor();
  const csv = await page.evaluate(async () => (await fetch("/api/v1/ledger.csv?workflow=inspection-issue&lang=zh")).text());
  const lines = csv.split("\r\n");
  const place = lines[0].split(",").indexOf("环境要素");
  const row = lines.findIndex((line, index) => index > 0 && !line.includes('"') && line.split(",")[place] === "水");
  assert.ok(row > 0);
  const cells = lines[row].split(",");
  cells[place] = "海水";
  const edited = (value) => {
    cells[place] = value;
    return Buffer.from([...lines.slice(0, row), cells.join(","), ...lines.slice(row + 1)].join("\r\n"));
  };
  await page.getByRole("button", { name: "导入", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("文件").setInputFiles({ name: "ledger.csv", mimeType: "text/csv", buffer: edited("海水") });
  await dialog.getByRole("button", { name: "先检查" }).click();
  await dialog.getByRole("cell", { name: "环境要素" }).waitFor();
  const [report] = await Promise.all([page.waitForEvent("download"), dialog.getByRole("button", { name: "下载错误报告" }).click()]);
  assert.equal(report.suggestedFilename(), "import-report.csv");
  await dialog.getByLabel("文件").setInputFiles({ name: "ledger.csv", mimeType: "text/csv", buffer: edited("大气") });
  await dialog.getByRole("button", { name: "先检查" }).click();
  await dialog.getByRole("button", { name: "导入 1 行" }).click();
  await dialog.getByText("已导入：").waitFor();
  await done();
});
