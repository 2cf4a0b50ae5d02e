// SPDX-License-Identifier: Apache-2.0
// A browser for one test file, pages that count what went wrong, and how people sign in.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { password } from "./district.mjs";

export const page_address = process.env.BIHUAN_PAGE;
const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export const sizes = { desk: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };
export const each_look = ["zh", "en"].flatMap((language) =>
  Object.keys(sizes).map((size) => ({ language, size, name: `${language}, ${sizes[size].width} px` })));

let browser;

export function use_browser() {
  before(async () => {
    const executablePath = places.find((place) => place && existsSync(place));
    assert.ok(executablePath, "Chromium is missing: apt install chromium");
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  });
  after(() => browser?.close());
}

// A page of a person's own. `expects` takes what would otherwise be a fault: statuses the test itself brings about.
export async function open_page({ language = "zh", size = "desk", scheme = "light", expects = [], base = page_address } = {}) {
  const context = await browser.newContext({
    viewport: sizes[size], colorScheme: scheme, reducedMotion: "reduce", locale: language === "zh" ? "zh-CN" : "en-GB", baseURL: base,
    permissions: ["geolocation"], geolocation: { latitude: 29.3812, longitude: 106.5403, accuracy: 12 },
  });
  await context.addInitScript((wanted) => {
    if (!localStorage.getItem("bihuan.settings")) localStorage.setItem("bihuan.settings", JSON.stringify({ language: wanted }));
  }, language);
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (fault) => faults.push(`page: ${fault}`));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    // The browser repeats each failed answer here; those are judged by their status below.
    if (/Failed to load resource/.test(message.text())) return;
    faults.push(`console: ${message.text()}`);
  });
  page.on("response", (answer) => {
    if (answer.status() >= 400 && !expects.includes(answer.status())) faults.push(`${answer.status()} ${answer.url()}`);
  });
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    if (why !== "net::ERR_ABORTED" && !expects.includes("offline")) faults.push(`${why} ${request.url()}`);
  });
  return {
    page,
    context,
    // Ends the page, and the test with it if anything went wrong on it.
    done: async () => {
      await context.close();
      assert.deepEqual(faults, []);
    },
  };
}

const words = {
  zh: { name: "用户名", password: "口令", submit: "登录" },
  en: { name: "User name", password: "Password", submit: "Sign in" },
};

export async function sign_in(page, name, language = "zh", word = password) {
  await page.goto("/");
  const said = words[language];
  await page.getByLabel(said.name).fill(name);
  await page.getByLabel(said.password).fill(word);
  await page.getByRole("button", { name: said.submit, exact: true }).click();
  await page.locator(".shell main h1").first().waitFor();
}
