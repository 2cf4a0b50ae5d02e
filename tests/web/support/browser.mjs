// SPDX-License-Identifier: Apache-2.0
// A browser, pages that count what went wrong, and how people sign in.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { launch_options } from "./chromium.mjs";
import { password } from "./district.mjs";

export const page_address = process.env.BIHUAN_PAGE;

export const sizes = { desk: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };
export const each_look = ["zh", "en"].flatMap((language) =>
  Object.keys(sizes).map((size) => ({ language, size, name: `${language}, ${sizes[size].width} px` })));

let browser;

// The one that all files of a run share; a file that is run by itself starts its own.
export function use_browser() {
  const shared = process.env.BIHUAN_BROWSER;
  before(async () => {
    browser = shared ? await chromium.connect(shared) : await chromium.launch(launch_options());
  });
  after(() => browser?.close());
}

// What a page still waits for; the stream of events never ends.
const waiting = new WeakMap();

function count_requests(page) {
  const open = new Set();
  waiting.set(page, open);
  page.on("request", (request) => request.resourceType() === "eventsource" || open.add(request));
  page.on("requestfinished", (request) => open.delete(request));
  page.on("requestfailed", (request) => open.delete(request));
}

// Until what was asked for is there and drawn.
export async function settled(page) {
  const open = waiting.get(page);
  const deadline = Date.now() + 20_000;
  for (let calm = 0; calm < 3; ) {
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 30)));
    calm = open.size === 0 ? calm + 1 : 0;
    assert.ok(Date.now() < deadline, `still waits for ${[...open].map((request) => request.url()).join(" ")}`);
  }
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
  count_requests(page);
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

// Opens the case of this title from the list on the screen; a phone fetches a long list piece by piece while it is
// scrolled through.
export async function open_from_list(page, title) {
  const link = page.getByRole("link", { name: title });
  await page.locator("main .list li, main tbody tr").first().waitFor();
  for (let turn = 0; turn < 60 && (await link.count()) === 0; turn++) {
    await page.mouse.wheel(0, 5000);
    await settled(page);
  }
  await link.click();
}

// Goes to a screen as a link of the page does, without loading the page anew.
export async function visit(page, path) {
  await page.evaluate((to) => {
    const link = document.createElement("a");
    link.href = to;
    document.body.append(link);
    link.click();
    link.remove();
  }, path);
  await page.waitForFunction((to) => location.pathname + location.search === to, path);
  await settled(page);
}
