// SPDX-License-Identifier: Apache-2.0
// The page in a real Chromium: over to the provider and back.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { chromium } from "playwright-core";
import { launch_options } from "../web/support/chromium.mjs";
import { Office, own_password } from "./support/office.mjs";
import { RealProvider, client_secret, signing_key } from "./support/provider.mjs";

let provider;
let office;
let browser;

before(async () => {
  provider = await RealProvider.start();
  provider.people = { zhang: { name: "张一鸣", groups: ["water"] }, wang: { name: "王五" } };
  office = await Office.open((address) => `
[oidc]
issuer = "${provider.issuer}"
client_id = "bihuan"
client_secret = "${client_secret}"
redirect_uri = "${address}/api/v1/session/oidc/callback"
scopes = ["openid", "profile", "groups"]
[sign_in]
memberships = [{claim = "groups", value = "water", unit = "water", roles = ["handler"]}]
`);
  await provider.serve(`${office.address}/api/v1/session/oidc/callback`, [await signing_key("RS256", "first")]);
  browser = await chromium.launch(launch_options());
});

after(async () => {
  await browser?.close();
  await office?.close();
  await provider?.stop();
});

async function open_page(locale) {
  const context = await browser.newContext({ locale, baseURL: office.address });
  context.setDefaultTimeout(15_000);
  await context.addInitScript((language) => {
    if (!localStorage.getItem("bihuan.settings")) localStorage.setItem("bihuan.settings", JSON.stringify({ language }));
  }, locale.slice(0, 2));
  return { context, page: await context.newPage() };
}

async function at_provider(page, login) {
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

test("a button leads to the provider, and from there to the page that was asked for", async () => {
  const { context, page } = await open_page("zh-CN");
  await page.goto("/settings");
  await page.getByRole("link", { name: "统一身份认证登录" }).click();
  await at_provider(page, "zhang");
  await page.waitForURL(`${office.address}/settings`);
  await page.getByText("张一鸣").first().waitFor();

  // The session has ended meanwhile: the same way is there again, and leads back to where one was.
  await context.clearCookies();
  await page.goto("/worklist");
  await page.getByRole("link", { name: "统一身份认证登录" }).click();
  await at_provider(page, "zhang");
  await page.waitForURL(`${office.address}/worklist`);
  await page.getByText("张一鸣").first().waitFor();
  await context.close();
});

test("who is not let in reads why, and may still sign in by name and password", async () => {
  const { context, page } = await open_page("en-GB");
  await page.goto("/");
  await page.getByRole("link", { name: "Sign in with the unified identity service" }).click();
  await at_provider(page, "wang");
  await page.getByText("belongs to no unit here").waitFor();
  assert.equal(page.url(), `${office.address}/`);
  await page.getByLabel("User name").fill("local");
  await page.getByLabel("Password").fill(own_password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByLabel("User name").waitFor({ state: "detached" });
  await context.close();
});
