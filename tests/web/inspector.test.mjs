// SPDX-License-Identifier: Apache-2.0
// The inspector's main job: what was found is reported and handed up, from signing in to done.
import assert from "node:assert/strict";
import { test } from "node:test";
import { each_look, open_page, sign_in, use_browser } from "./support/browser.mjs";
import { people } from "./support/people.mjs";

use_browser();

const words = {
  zh: { place: "地点名称", send: "发送", category: "水", level: "一般" },
  en: { place: "Name of the place", send: "Send", category: "Water", level: "General" },
};

for (const { language, size, name } of each_look) {
  test(`an inspector reports what was found (${name})`, async () => {
    const said = words[language];
    const problem = `巡查测试 ${name} ${Date.now()}`;
    const { page, done } = await open_page({ language, size });
    await sign_in(page, "lijiatuo-inspector", language);
    await page.locator(`${size === "phone" ? ".bottom" : "header.top"} a[href="/report"]`).first().click();
    await page.locator("#report-album").setInputFiles({ name: "a.jpg", mimeType: "image/jpeg", buffer: await picture(page) });
    await page.locator(".shots img").waitFor();
    await page.getByLabel(said.place).fill("花溪河左岸");
    await page.getByText(said.category, { exact: true }).click();
    await page.locator("#report-problem").fill(problem);
    await page.getByText(said.level, { exact: true }).click();
    await page.getByRole("button", { name: said.send, exact: true }).click();
    await page.waitForURL("**/drafts");
    const sent = page.locator("main li").filter({ hasText: problem }).filter({ has: page.locator(".chip.green") });
    await sent.waitFor();
    await sent.getByRole("link").first().click();
    await page.locator(".case-head").getByText(problem).waitFor();
    const id = page.url().split("/").pop();
    const { fields, documents, state } = await people.inspector.get(`/api/v1/cases/${id}`);
    assert.equal(fields.problem, problem);
    assert.equal(fields.category, "water");
    assert.equal(fields.level, "general");
    assert.equal(fields.place.name, "花溪河左岸");
    assert.ok(Math.abs(fields.place.latitude - 29.3812) < 1e-6);
    assert.equal(documents["site-photo"].length, 1);
    assert.equal(state, "found");
    await done();
  });
}

async function picture(page) {
  const address = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [400, 300];
    canvas.getContext("2d").fillRect(0, 0, 400, 300);
    return canvas.toDataURL("image/jpeg");
  });
  return Buffer.from(address.slice(address.indexOf(",") + 1), "base64");
}
