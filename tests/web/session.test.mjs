// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { open_page, sign_in, use_browser } from "./support/browser.mjs";
import { password } from "./support/district.mjs";
import { people, rectifying_issue } from "./support/people.mjs";

use_browser();

async function comments_of(id) {
  const history = await people.supervisor.get(`/api/v1/cases/${id}/history`);
  return history.items.filter((event) => event.type === "commented").map((event) => event.body.comment);
}

test("a session that ends in the middle of a form is signed into over the page, and the form is sent once", async () => {
  const { id } = await rectifying_issue(`会话测试 ${Date.now()}`);
  const { page, context, done } = await open_page({ expects: [401] });
  await sign_in(page, "water-handler");
  await page.goto(`/case/${id}`);
  await page.locator(`[data-action="comment"]`).click();
  const form = page.getByRole("dialog", { name: "备注" });
  await form.locator("textarea").fill("写到一半，会话过期了。");
  await context.clearCookies();
  // Not by a click: what the page asks for by itself may have brought up the sign-in over the form already.
  await form.locator("form").evaluate((element) => element.requestSubmit());
  const again = page.getByRole("dialog", { name: "请重新登录" });
  assert.equal(await again.getByLabel("用户名").inputValue(), "water-handler");
  await again.getByLabel("口令").fill(password);
  await again.getByRole("button", { name: "登录", exact: true }).click();
  await form.waitFor({ state: "detached" });
  assert.deepEqual(await comments_of(id), ["写到一半，会话过期了。"]);
  await done();
});

test("what was typed is there again after the page was closed", async () => {
  const { id } = await rectifying_issue(`草稿测试 ${Date.now()}`);
  const { page, context, done } = await open_page();
  await sign_in(page, "water-handler");
  await page.goto(`/case/${id}`);
  await page.locator(`[data-action="progress"]`).click();
  await page.getByLabel("进展情况").fill("混接点改造过半");
  await page.getByText("草稿已存本机").waitFor();
  await page.close();
  const reopened = await context.newPage();
  await reopened.goto(`/case/${id}`);
  await reopened.locator(`[data-action="progress"]`).click();
  await reopened.getByText("已恢复上次未提交的内容。").waitFor();
  assert.equal(await reopened.getByLabel("进展情况").inputValue(), "混接点改造过半");
  await done();
});

test("an administrator's form is kept too, and begins anew when told to", async () => {
  const { page, context, done } = await open_page();
  await sign_in(page, "inspection-office-admin");
  await page.goto("/administration/units");
  await page.getByRole("button", { name: "新增单位" }).click();
  await page.getByLabel("中文名称").fill("高新区管委会");
  await page.getByText("草稿已存本机").waitFor();
  await page.close();
  const reopened = await context.newPage();
  await reopened.goto("/administration/units");
  const open = reopened.getByRole("button", { name: "新增单位" });
  await open.click();
  await reopened.getByText("已恢复上次未提交的内容。").waitFor();
  assert.equal(await reopened.getByLabel("中文名称").inputValue(), "高新区管委会");
  await reopened.getByRole("button", { name: "清空重填" }).click();
  assert.equal(await reopened.getByLabel("中文名称").inputValue(), "");
  await reopened.reload();
  await open.click();
  await reopened.getByLabel("标识").waitFor();
  assert.equal(await reopened.getByText("已恢复上次未提交的内容。").count(), 0);
  await done();
});

test("what is typed while the device still looks for what it kept is kept too", async () => {
  const { page, done } = await open_page();
  await sign_in(page, "inspection-office-admin");
  await page.goto("/administration/units");
  // A transaction that writes lets nobody read until it ends.
  await page.evaluate(() => new Promise((resolve) => {
    const opening = indexedDB.open("bihuan-forms", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("forms");
    opening.onsuccess = () => {
      const forms = opening.result.transaction("forms", "readwrite").objectStore("forms");
      const hold = () => {
        if (!window.may_read) forms.count().onsuccess = hold;
        resolve();
      };
      hold();
    };
  }));
  await page.getByRole("button", { name: "新增单位" }).click();
  const name = page.getByLabel("中文名称");
  await name.fill("高新区管委会");
  await page.getByLabel("英文名称").fill("High-tech Zone");
  await page.evaluate(() => { window.may_read = true; });
  await page.getByText("草稿已存本机").waitFor();
  assert.equal(await name.inputValue(), "高新区管委会");
  await page.reload();
  await page.getByRole("button", { name: "新增单位" }).click();
  await page.getByText("已恢复上次未提交的内容。").waitFor();
  assert.equal(await name.inputValue(), "高新区管委会");
  await done();
});

test("a wrong password is said in words, and signing out forgets what was typed", async () => {
  const { id } = await rectifying_issue(`退出测试 ${Date.now()}`);
  const { page, done } = await open_page({ expects: [401] });
  await page.goto("/");
  await page.getByLabel("用户名").fill("water-handler");
  await page.getByLabel("口令").fill("wrong");
  await page.getByRole("button", { name: "登录", exact: true }).click();
  assert.match(await page.getByRole("alert").innerText(), /口令|密码/);
  await sign_in(page, "water-handler");
  await page.goto(`/case/${id}`);
  await page.locator(`[data-action="comment"]`).click();
  await page.getByRole("dialog").locator("textarea").fill("不该留下");
  await page.getByText("草稿已存本机").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "取消" }).click();
  await page.locator("#person-menu summary").click();
  await page.locator("#sign-out").click();
  await page.getByRole("heading", { name: "登录" }).waitFor();
  await sign_in(page, "water-handler");
  await page.goto(`/case/${id}`);
  await page.locator(`[data-action="comment"]`).click();
  assert.equal(await page.getByRole("dialog").locator("textarea").inputValue(), "");
  await done();
});
