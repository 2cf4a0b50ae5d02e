// SPDX-License-Identifier: Apache-2.0
// The pictures of the README, taken from the demonstration district. They go to a directory of the test's own, and
// with BIHUAN_PICTURES where that says, from the root of the repository:
//   BIHUAN_PICTURES=api/web/pictures tests/web/run build/dev/bihuan pictures.test.mjs
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { open_page, settled, sign_in, use_browser } from "./support/browser.mjs";
import { people } from "./support/people.mjs";

use_browser();

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const wanted_at = process.env.BIHUAN_PICTURES;
const directory = wanted_at ? join(root, wanted_at) : mkdtempSync(join(tmpdir(), "bihuan-pictures-"));
const most_bytes = 200 * 1024;

after(() => wanted_at || rmSync(directory, { recursive: true }));

// One that has come some way, where there is one.
async function an_overdue_issue() {
  const list = (more) => people.supervisor.get(`/api/v1/cases?workflow=inspection-issue&light=red&limit=1${more}`);
  const [on_its_way, any] = await Promise.all([list("&state=rectifying,done_claimed,planned"), list("")]);
  return [...on_its_way.items, ...any.items][0].id;
}

// What an inspector sees: a bank, a pipe, and what comes out of it.
async function riverbank(page, name, sky) {
  const address = await page.evaluate((above) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [800, 800];
    const context = canvas.getContext("2d");
    const fill = (colour, draw) => { context.fillStyle = colour; context.beginPath(); draw(); context.fill(); };
    fill(above, () => context.rect(0, 0, 800, 330));
    fill("#6f8fa0", () => context.rect(0, 330, 800, 470));
    fill("#7d9b6a", () => context.ellipse(250, 330, 520, 110, 0, 0, 7));
    fill("#6b5c49", () => { context.moveTo(0, 360); context.lineTo(430, 470); context.lineTo(300, 800); context.lineTo(0, 800); });
    fill("#4b4640", () => { context.moveTo(380, 540); context.quadraticCurveTo(560, 600, 760, 800); context.lineTo(330, 800); });
    fill("#9a9a98", () => context.ellipse(380, 520, 46, 62, 0.3, 0, 7));
    fill("#2d2a27", () => context.ellipse(388, 520, 32, 46, 0.3, 0, 7));
    return canvas.toDataURL("image/jpeg", 0.9);
  }, sky);
  return { name, mimeType: "image/jpeg", buffer: Buffer.from(address.slice(address.indexOf(",") + 1), "base64") };
}

async function fill_report(page) {
  await page.locator("#report-album").setInputFiles([await riverbank(page, "a.jpg", "#b8c9d9"), await riverbank(page, "b.jpg", "#d9c9a8")]);
  await page.locator(".shots img").nth(1).waitFor();
  await page.getByLabel("地点名称").fill("花溪河李家沱段左岸");
  await page.locator("input[name=report-category]").first().check();
  await page.locator("#report-problem").fill("雨水口有灰黑色污水外溢，有异味。");
  await page.locator("h1").click();
  await page.evaluate(() => window.scrollTo(0, 0));
}

const wanted = [
  { name: "board", who: "inspection-office-supervisor", path: () => "/board", height: 720 },
  { name: "case", who: "inspection-office-supervisor", path: async () => `/case/${await an_overdue_issue()}` },
  { name: "ledger", who: "inspection-office-supervisor", path: () => "/ledger/inspection-issue?final=false", height: 660 },
  { name: "report", who: "lijiatuo-inspector", path: () => "/report", size: "phone", prepare: fill_report },
];

for (const { name, who, path, size, height, prepare } of wanted) {
  test(`the picture of the ${name} is taken and is small enough`, async () => {
    mkdirSync(directory, { recursive: true });
    const { page, done } = await open_page({ size });
    if (height) await page.setViewportSize({ ...page.viewportSize(), height });
    await sign_in(page, who);
    await page.goto(await path());
    await page.locator("main h1").waitFor();
    await settled(page);
    await prepare?.(page);
    if (size !== "phone") await page.locator(".menu .count").first().waitFor();
    // Nothing is pointed at.
    await page.mouse.move(0, 0);
    const file = join(directory, `${name}.png`);
    await page.screenshot({ path: file });
    assert.ok(statSync(file).size < most_bytes, `${statSync(file).size} bytes`);
    await done();
  });
}
