// SPDX-License-Identifier: Apache-2.0
// An administrator changes a definition: the text beside its faults and its diagram, its scenarios, and its cases.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations_of } from "./support/accessibility.mjs";
import { each_look, open_page, settled, sign_in, use_browser, visit } from "./support/browser.mjs";

use_browser();

const workflow = "commendation";

test("a definition is saved only when exactly this text is sound and its scenarios passed, and then its cases move", async () => {
  const { page, done } = await open_page();
  await sign_in(page, "inspection-office-admin");
  await page.goto(`/administration/definitions?workflow=${workflow}`);
  await page.getByRole("link", { name: "修改为新版本" }).click();
  const save = page.getByRole("button", { name: "保存为新版本" });
  const play = page.getByRole("button", { name: "演练情景" });
  const status = page.getByRole("status");
  await status.getByText("检查通过。请演练情景").waitFor();
  await page.getByRole("img", { name: /修改后的流程图/ }).waitFor();
  assert.ok(await save.isDisabled());

  const text = page.getByRole("textbox", { name: "定义文本" });
  await text.press("Control+Home");
  await page.keyboard.type("x");
  await status.getByText("有 1 处错误。").waitFor();
  assert.ok(await play.isDisabled());
  await page.getByRole("button", { name: /^第 1 行/ }).click();
  assert.ok(await text.evaluate((element) => element.getRootNode().activeElement === element));
  await page.keyboard.press("Control+z");
  await status.getByText("检查通过。请演练情景").waitFor();

  await play.click();
  await status.getByText("可以保存").waitFor({ timeout: 60_000 });
  // Another text has not passed.
  await text.press("Control+End");
  await page.keyboard.type(" ");
  assert.ok(await save.isDisabled());
  await page.keyboard.press("Control+z");
  await play.click();
  await status.getByText("可以保存").waitFor({ timeout: 60_000 });
  await save.click();

  await page.getByRole("heading", { name: /换至第 2 版/ }).waitFor({ timeout: 60_000 });
  await page.getByLabel("换版理由").fill("修订");
  await page.getByRole("button", { name: "试算" }).click();
  await status.getByText(/可换 \d+ 件，不能换 0 件/).waitFor();
  const move = page.getByRole("button", { name: /^换版 \d+ 件$/ });
  if (await move.isEnabled()) {
    await move.click();
    await page.getByRole("dialog").getByRole("button", { name: "换版", exact: true }).click();
    await page.getByText(/已换版 \d+ 件。/).first().waitFor();
  }
  await page.getByRole("link", { name: "返回流程定义" }).click();
  const versions = page.getByRole("region", { name: /的版本$/ });
  assert.match(await versions.locator("tbody tr").first().innerText(), /^2 *现行/);
  assert.match(await versions.locator("tbody tr").nth(1).innerText(), /\b0\b/);
  await done();
});

test("on a phone the menu hides nothing of what an edited definition lacks", async () => {
  const { page, done } = await open_page({ size: "phone" });
  await sign_in(page, "inspection-office-admin");
  await visit(page, `/administration/editor?workflow=${workflow}`);
  const said = await page.locator(".bulk").boundingBox();
  const menu = await page.locator("nav.bottom").boundingBox();
  assert.ok(said.y + said.height <= menu.y + 1, `${said.y + said.height} below ${menu.y}`);
  await done();
});

test("both screens can be used at every width and in both languages", async () => {
  for (const look of each_look) {
    const { page, done } = await open_page(look);
    await sign_in(page, "inspection-office-admin", look.language);
    for (const path of [`/administration/editor?workflow=${workflow}`, `/administration/migration?workflow=${workflow}`]) {
      await visit(page, path);
      await page.evaluate(() => document.querySelectorAll("main details").forEach((one) => (one.open = true)));
      await settled(page);
      for (const scheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme: scheme });
        assert.deepEqual(await violations_of(page), [], `${path} ${JSON.stringify(look)} ${scheme}`);
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 1, `${path} ${JSON.stringify(look)}: ${wide} px wider than the screen`);
    }
    await done();
  }
});
