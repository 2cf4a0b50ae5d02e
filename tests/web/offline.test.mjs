// SPDX-License-Identifier: Apache-2.0
// The riverbank: what is reported without a network arrives once, whole, whatever breaks on the way.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open_page, settled, sign_in, use_browser } from "./support/browser.mjs";
import { password } from "./support/district.mjs";
import { people, sha256 } from "./support/people.mjs";
import { breaks, open_line } from "./support/poor_line.mjs";

use_browser();

const reporter = "lijiatuo-inspector";
// Words that no other run used.
const named = (what) => `${what} ${run}`;
const run = Date.now().toString(36);
const expected = ["offline", 401, 422, 500];

async function riverbank({ language = "zh" } = {}) {
  const line = await open_line();
  const phone = await open_page({ language, size: "phone", base: line.address, expects: expected });
  await sign_in(phone.page, reporter, language);
  // Fit to open with no network: the worker has the shell and answers for this page.
  await phone.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await phone.page.reload();
  await phone.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  return { line, ...phone, close: async () => { await phone.done(); await line.close(); } };
}

// A picture as a camera makes it: larger than what is sent. Drawn once, and taken by all reports.
const drawn = new Map();

async function photo(page, name, colour) {
  if (!drawn.has(colour)) drawn.set(colour, await draw(page, colour));
  return { name, mimeType: "image/jpeg", buffer: drawn.get(colour) };
}

async function draw(page, colour) {
  const address = await page.evaluate((fill) => {
    const canvas = document.createElement("canvas");
    canvas.width = 2400;
    canvas.height = 1800;
    const context = canvas.getContext("2d");
    context.fillStyle = fill;
    context.fillRect(0, 0, 2400, 1800);
    for (let at = 0; at < 2400; at += 7) {
      context.fillStyle = `hsl(${at} 60% 50%)`;
      context.fillRect(at, (at * 31) % 1800, 40, 40);
    }
    return canvas.toDataURL("image/jpeg", 0.95);
  }, colour);
  return Buffer.from(address.slice(address.indexOf(",") + 1), "base64");
}

// What stands on the device.
function on_device(page) {
  return page.evaluate(() => new Promise((resolve, reject) => {
    const opening = indexedDB.open("bihuan-reports");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction(["reports", "photos"]);
      const reports = transaction.objectStore("reports").getAll();
      const photos = transaction.objectStore("photos").getAll();
      transaction.oncomplete = () => {
        opening.result.close();
        resolve({
          reports: reports.result.map(({ id, state, problem, told }) => ({ id, state, problem, told: told?.text })),
          hashes: photos.result.map((one) => one.sha256).sort(),
          sizes: photos.result.map((one) => one.bytes.size),
        });
      };
    };
  }));
}

async function fill(page, words) {
  await page.locator("#report-album").setInputFiles([await photo(page, "a.jpg", "#456"), await photo(page, "b.jpg", "#654")]);
  await page.locator(".shots img").nth(1).waitFor();
  await page.locator("#report-problem").fill(words);
  for (let turn = 0; turn < 400; turn++) {
    const { reports, hashes } = await on_device(page);
    if (hashes.length === 2 && reports.some((one) => one.problem === words)) return;
    await page.waitForTimeout(50);
  }
  assert.fail(`the draft is not on the device: ${words}`);
}

async function cases_of(words) {
  const { items } = await people.inspector.get(`/api/v1/cases?opener=me&workflow=inspection-issue&limit=200`);
  return items.filter((line) => line.fields.problem === words);
}

// Exactly one case, and every byte of every photo there.
async function arrived_whole(words, hashes) {
  const found = await cases_of(words);
  assert.equal(found.length, 1, `cases called ${words}`);
  const named = found[0].documents["site-photo"].map((document) => document.sha256).sort();
  assert.deepEqual(named, hashes);
  const token = people.inspector.token;
  for (const hash of hashes) {
    const answer = await fetch(`${process.env.BIHUAN_PAGE}/api/v1/attachments/${hash}`, { headers: { Authorization: `Bearer ${token}` } });
    assert.equal(sha256(Buffer.from(await answer.arrayBuffer())), hash);
  }
}

const sent_chip = (page) => page.locator("main .chip.green").first();

for (const language of ["zh", "en"]) {
  test(`a report made with no network, on a page that is killed twice, arrives once (${language})`, { timeout: 180_000 }, async () => {
    const { line, page, context, close } = await riverbank({ language });
    const words = named(`断网上报 ${language}`);
    await context.setOffline(true);
    line.down = true;

    await page.goto("/report");
    await fill(page, words);
    await page.close();

    const again = await context.newPage();
    await again.goto("/report");
    await again.locator(".shots img").nth(1).waitFor();
    assert.equal(await again.locator("#report-problem").inputValue(), words);
    const { hashes, sizes } = await on_device(again);
    assert.equal(new Set(hashes).size, 2);
    assert.ok(sizes.every((size) => size > 1000));
    await again.locator("button[type=submit]").click();
    await again.waitForURL("**/drafts");
    await again.locator("main .chip.yellow").waitFor();
    await again.close();
    assert.deepEqual(await cases_of(words), []);

    line.down = false;
    await context.setOffline(false);
    const third = await context.newPage();
    await third.goto("/drafts");
    await sent_chip(third).waitFor();
    await arrived_whole(words, hashes);
    assert.deepEqual((await on_device(third)).hashes, [], "the copies go once the server has them");
    await close();
  });
}

const steps = [
  { name: "the first photo", method: "POST", path: "/api/v1/attachments", skip: 0, left: 2 },
  { name: "the second photo", method: "POST", path: "/api/v1/attachments", skip: 1, left: 1 },
  { name: "the report itself", method: "POST", path: "/api/v1/cases", skip: 0, left: 0 },
];

test("whatever breaks on the way, it arrives once", { timeout: 400_000 }, async (context) => {
  const bank = await riverbank();
  const { page, line } = bank;
  for (const step of steps) {
    for (const how of breaks) {
      await context.test(`${step.name}: ${how}`, async () => {
        const words = named(`${step.name}, ${how}`);
        await page.goto("/report");
        await fill(page, words);
        const { hashes } = await on_device(page);
        line.broken = { ...step, how };
        await page.locator("button[type=submit]").click();
        // Kept, with the reason, and not only told in passing.
        await page.waitForURL("**/drafts");
        await page.locator("main .told").first().waitFor();
        const kept = await on_device(page);
        assert.deepEqual(kept.hashes, hashes);
        assert.equal(kept.reports.find((one) => one.problem === words).state, "queued");

        line.passed = [];
        line.broken = null;
        // By hand, unless it went out by itself in the meantime.
        await page.locator("main li .primary").first().click({ timeout: 2000 }).catch(() => undefined);
        await page.locator("main a.title", { hasText: words }).waitFor();
        await arrived_whole(words, hashes);
        assert.deepEqual((await on_device(page)).hashes, []);
        const uploads = line.passed.filter((one) => one.startsWith("POST /api/v1/attachments")).length;
        assert.equal(uploads, step.left, "a photo that is there is not sent again");
      });
    }
  }
  await bank.close();
});

test("a session that expired meanwhile asks for the password and goes on", { timeout: 120_000 }, async () => {
  const { page, context, close } = await riverbank();
  const words = named("登录过期后发送");
  await page.goto("/report");
  await fill(page, words);
  const { hashes } = await on_device(page);
  await context.clearCookies();
  await page.locator("button[type=submit]").click();
  const dialog = page.getByRole("dialog");
  await dialog.locator("input[type=password]").fill(password);
  await dialog.locator("button[type=submit]").click();
  await page.locator("main a.title", { hasText: words }).waitFor();
  await arrived_whole(words, hashes);
  await close();
});

test("what was typed in the moment before the page goes away is there again", { timeout: 60_000 }, async () => {
  const { page, close } = await riverbank();
  await page.goto("/report");
  await page.locator("#report-problem").fill("刚写完就刷新");
  await page.reload();
  await page.waitForFunction(() => document.querySelector("#report-problem")?.value === "刚写完就刷新");
  await close();
});

test("what the database did not finish writing when the page went away is there again", { timeout: 60_000 }, async () => {
  const { page, close } = await riverbank();
  await page.goto("/report");
  await page.locator("#report-problem").waitFor();
  await page.evaluate(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...report) {
      const asked = put.apply(this, report);
      this.transaction.abort();
      window.was_cut_off = true;
      return asked;
    };
  });
  await page.locator("#report-problem").fill("写到一半就没了");
  await page.waitForFunction(() => window.was_cut_off);
  await page.reload();
  await page.waitForFunction(() => document.querySelector("#report-problem")?.value === "写到一半就没了");
  await close();
});

test("what the server refuses stays, says why, and can be mended", { timeout: 120_000 }, async () => {
  const { page, close, line } = await riverbank();
  const words = named("被拒后重发");
  await page.goto("/report");
  await fill(page, words);
  const { hashes } = await on_device(page);
  // A field that the server does not take, as an older definition kept on the phone would send it.
  await page.evaluate(() => new Promise((resolve) => {
    const opening = indexedDB.open("bihuan-reports");
    opening.onsuccess = () => {
      const store = opening.result.transaction("reports", "readwrite").objectStore("reports");
      const asked = store.getAll();
      asked.onsuccess = () => {
        for (const one of asked.result) store.put({ ...one, category: "no-such-category" });
        store.transaction.oncomplete = () => { opening.result.close(); resolve(); };
      };
    };
  }));
  await page.reload();
  await page.locator(".shots img").nth(1).waitFor();
  line.passed = [];
  await page.locator("button[type=submit]").click();
  await page.locator("main .trouble").waitFor();
  assert.deepEqual((await on_device(page)).hashes, hashes);
  await page.locator("main li a.primary").click();
  await page.locator(".trouble").waitFor();
  await page.locator("input[name=report-category]").first().check();
  await page.locator("button[type=submit]").click();
  await page.locator("main a.title", { hasText: words }).waitFor();
  await arrived_whole(words, hashes);
  await close();
});

test("signing out wipes what was kept of the person's work, and keeps what was never sent", { timeout: 120_000 }, async () => {
  const { page, close } = await riverbank();
  await page.goto("/worklist");
  await settled(page);
  const kept = () => page.evaluate(async () => (await (await caches.open("bihuan-own-work")).keys()).map((one) => new URL(one.url).pathname));
  assert.ok((await kept()).includes("/api/v1/worklist"));
  await page.goto("/report");
  await fill(page, "退出后仍在");
  await page.locator("#person-menu summary").click();
  await page.locator("#sign-out").click();
  await page.locator("#sign-in-name").waitFor();
  assert.deepEqual(await kept(), []);
  assert.equal((await on_device(page)).hashes.length, 2);
  // Nobody else is shown it.
  await sign_in(page, "lijiatuo-handler");
  await page.goto("/drafts");
  await page.locator("main h1").waitFor();
  assert.equal(await page.getByText("退出后仍在").count(), 0);
  await close();
});
