// SPDX-License-Identifier: Apache-2.0
// The supervisor's main job: what a township reported is assigned, from signing in to done.
import assert from "node:assert/strict";
import { test } from "node:test";
import { each_look, open_from_list, open_page, sign_in, use_browser } from "./support/browser.mjs";
import { paper, people, reported_issue } from "./support/people.mjs";

use_browser();

const words = {
  zh: { worklist: "待办", dispatch: "交办", lead: "牵头部门", rectify_by: "整改时限", level: "一般", paper: "交办单", state: "已交办" },
  en: { worklist: "To do", dispatch: "Assign", lead: "Lead", rectify_by: "To be rectified by", level: "General", paper: "Assignment notice", state: "Assigned" },
};

for (const { language, size, name } of each_look) {
  test(`a supervisor assigns a reported issue (${name})`, async () => {
    const said = words[language];
    const problem = `督察测试 ${name} ${Date.now()}`;
    const issue = await reported_issue(problem);
    const { page, done } = await open_page({ language, size });
    await sign_in(page, "inspection-office-supervisor", language);
    const menu = size === "phone" ? page.locator(".bottom") : page.locator("nav.menu");
    await menu.getByRole("link", { name: new RegExp(`^${said.worklist}`) }).click();
    await open_from_list(page, problem);
    await page.locator(`[data-action="dispatch"]`).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(said.lead, { exact: true }).selectOption("water");
    await dialog.getByLabel(said.rectify_by).fill(new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10));
    await dialog.getByText(said.level, { exact: true }).click();
    await dialog.getByLabel(said.paper).setInputFiles(paper("notice.pdf"));
    await dialog.getByText("✓ notice.pdf").waitFor();
    await dialog.getByRole("button", { name: said.dispatch, exact: true }).click();
    await dialog.waitFor({ state: "detached" }).catch(async () => assert.fail(await dialog.innerText()));
    await page.locator(".case-head").getByText(said.state, { exact: true }).waitFor();
    const now = await people.supervisor.get(`/api/v1/cases/${issue.id}`);
    assert.equal(now.state, "assigned");
    assert.deepEqual(now.parties.lead, [{ unit: "water", person: null }]);
    await done();
  });
}
