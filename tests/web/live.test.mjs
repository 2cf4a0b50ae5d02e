// SPDX-License-Identifier: Apache-2.0
// What others do appears by itself: by the stream of events, and without it by asking again now and then.
import { test } from "node:test";
import { open_page, settled, sign_in, use_browser } from "./support/browser.mjs";
import { reported_issue } from "./support/people.mjs";

use_browser();

// A new issue comes last in a list by its deadline: the page is asked for more until it shows.
async function shows(page, problem) {
  const link = page.getByRole("link", { name: problem });
  for (let turn = 0; turn < 40 && (await link.count()) === 0; turn++) {
    const more = page.getByRole("button", { name: "加载更多" });
    if (await more.isVisible()) await more.click();
    await page.waitForTimeout(250);
  }
  await link.waitFor();
}

test("a worklist and the board follow the stream", async () => {
  const { page, done } = await open_page();
  await sign_in(page, "inspection-office-supervisor");
  const board = await page.context().newPage();
  await board.goto("/board");
  await board.locator(".tile strong").nth(2).waitFor();
  const in_time = Number(await board.locator(".tile strong").nth(2).innerText());
  await reported_issue(`实时督办 ${Date.now()}`);
  await board.waitForFunction((before) => Number(document.querySelectorAll(".tile strong")[2].textContent) > before, in_time);
  await board.close();
  await page.goto("/worklist");
  await page.locator("tbody tr").first().waitFor();
  await settled(page);
  const problem = `实时待办 ${Date.now()}`;
  await reported_issue(problem);
  await shows(page, problem);
  await done();
});

test("without the stream the page asks again every half minute, and says so", async () => {
  const { page, done } = await open_page({ expects: ["offline"] });
  await page.route("**/api/v1/events/stream", (route) => route.abort());
  await page.clock.install();
  await sign_in(page, "inspection-office-supervisor");
  await page.goto("/worklist");
  await page.locator("tbody tr").first().waitFor();
  const problem = `轮询待办 ${Date.now()}`;
  await reported_issue(problem);
  await page.clock.runFor(31_000);
  await shows(page, problem);
  await page.goto("/help");
  await page.getByText("页面每半分钟自动更新一次。").waitFor();
  await done();
});
