// SPDX-License-Identifier: Apache-2.0
// WCAG 2.2 AA by axe-core over every screen, in both languages, at both widths, light and dark, empty and full.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { each_look, open_page, page_address, settled, sign_in, use_browser, visit } from "./browser.mjs";
import { empty_password, password } from "./district.mjs";
import { verified_issue } from "./people.mjs";
import { screens } from "./screens.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const only_for = { "/audit": "auditor", "/administration": "admin" };

export async function violations_of(page) {
  // Through the debugger's own door, so that the page keeps its content security policy.
  if (!(await page.evaluate("typeof window.axe === 'object'"))) await page.evaluate(axe);
  return page.evaluate(async (tags) => {
    const result = await window.axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
    return result.violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  }, rules);
}

async function check(page, paths, found, say) {
  for (const path of paths) {
    await visit(page, path);
    // What is folded away is read as well.
    await page.evaluate(() => document.querySelectorAll("main details").forEach((one) => (one.open = true)));
    await settled(page);
    // At its end, where the bar under the thumb covers nothing.
    if (path === "/report") await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    for (const scheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const violation of await violations_of(page)) found.push(`${say} ${path} ${scheme}: ${violation}`);
    }
    for (const step of ["2", "0"]) {
      const wide = await page.evaluate((wanted) => {
        document.documentElement.dataset.text = wanted;
        return document.documentElement.scrollWidth - window.innerWidth;
      }, step);
      if (wide > 1) found.push(`${say} ${path}: ${wide} px wider than the screen at text size ${step}`);
    }
  }
}

const parts_of_administration = ["people", "units", "definitions", "calendar", "tokens", "health"].map((part) => `/administration/${part}`);

function reader_of(path, empty) {
  const special = only_for[path];
  if (empty) return special ?? "supervisor";
  if (special === "auditor") return "audit-auditor";
  return special ? "inspection-office-admin" : "inspection-office-supervisor";
}

async function check_dialog(page, id, found) {
  await page.goto(`/case/${id}`);
  await page.locator(`[data-action="strike-off"]`).click();
  await page.getByRole("dialog").locator("button[type=submit]").click();
  await page.getByRole("alert").waitFor();
  for (const violation of await violations_of(page)) found.push(`form with errors: ${violation}`);
}

// All screens at one width; one width is a file of its own, so that both are looked at at once.
export function check_all_screens(width) {
  use_browser();
  const looks = each_look.filter(({ size }) => size === width);

  for (const { language, size, name } of looks) {
    test(`no screen breaks a rule (${name})`, { timeout: 600_000 }, async () => {
      const found = [];
      const issue = await verified_issue(`无障碍测试 ${name}`);
      for (const empty of [false, true]) {
        const base = empty ? process.env.BIHUAN_EMPTY_PAGE : page_address;
        const by_reader = Map.groupBy?.(screens, (path) => reader_of(path, empty))
          ?? screens.reduce((map, path) => map.set(reader_of(path, empty), [...(map.get(reader_of(path, empty)) ?? []), path]), new Map());
        for (const [reader, paths] of by_reader) {
          const { page, done } = await open_page({ language, size, base });
          const wanted = paths.includes("/administration") ? [...paths, ...parts_of_administration] : [...paths];
          if (!empty && reader === "inspection-office-supervisor") wanted.push(`/case/${issue.id}`, "/ledger/inspection-issue", "/open/inspection-issue");
          await sign_in(page, reader, language, empty ? empty_password : password);
          await check(page, wanted, found, empty ? "empty" : "full");
          if (!empty && reader === "inspection-office-supervisor") await check_dialog(page, issue.id, found);
          await done();
        }
      }
      assert.deepEqual(found, []);
    });
  }

  test("what is shown without signing in breaks no rule", async () => {
    const found = [];
    for (const { language, size, name } of looks) {
      const { page, done } = await open_page({ language, size });
      for (const path of ["/", "/responsibilities"]) {
        await page.goto(path);
        await page.locator("main h1").waitFor();
        await settled(page);
        for (const scheme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme: scheme });
          for (const violation of await violations_of(page)) found.push(`${name} ${path} ${scheme}: ${violation}`);
        }
      }
      await done();
    }
    assert.deepEqual(found, []);
  });
}
