// SPDX-License-Identifier: Apache-2.0
// Starts one district and one browser for all tests, runs the files of them two at a time, counts, and stops all.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { launch_options } from "./support/chromium.mjs";
import { start_district, start_empty_district } from "./support/district.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const [program, ...chosen] = process.argv.slice(2);
const files = chosen.length > 0 ? chosen : readdirSync(here).filter((name) => name.endsWith(".test.mjs")).sort();
const at_once = 2;
// What is measured by the clock has the machine to itself; the longest begin first.
const alone = new Set(["budget.test.mjs"]);
// What does not end by itself is ended, and has failed: a file after this time, and the whole after that.
const most_for_a_file = 10 * 60_000;
const end_of_all = Date.now() + 35 * 60_000;
const longest = ["accessibility_desk.test.mjs", "accessibility_phone.test.mjs", "offline.test.mjs"];

function run(file, environment) {
  return new Promise((resolve) => {
    const began = Date.now();
    const child = spawn(process.execPath, ["--test-reporter=tap", join(here, file)], {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.on("data", (bytes) => (said += bytes));
    const limit = setTimeout(() => {
      said += "did not end in its time\n";
      child.kill("SIGKILL");
    }, Math.min(most_for_a_file, end_of_all - began));
    child.on("close", (code) => {
      clearTimeout(limit);
      const count = (word) => Number(said.match(new RegExp(`^# ${word} (\\d+)`, "m"))?.[1] ?? 0);
      const passed = count("pass");
      // A file that died without counting has failed all the same.
      const failed = Math.max(count("fail") + count("cancelled"), code === 0 ? 0 : 1);
      if (failed > 0) process.stdout.write(said);
      console.log(`${file.padEnd(28)} ${passed} passed, ${failed} failed, ${Math.round((Date.now() - began) / 1000)} s`);
      resolve({ passed, failed });
    });
  });
}

const total = { passed: 0, failed: 0 };

async function in_turn(queue, environment) {
  for (let file = queue.shift(); file; file = queue.shift()) {
    const { passed, failed } = await run(file, environment);
    total.passed += passed;
    total.failed += failed;
  }
}

async function start_browser() {
  const server = await chromium.launchServer(launch_options());
  return { endpoint: server.wsEndpoint(), stop: () => server.close() };
}

const starts = await Promise.allSettled([start_district(program), start_empty_district(program), start_browser()]);
try {
  const fault = starts.find((start) => start.status === "rejected");
  if (fault) throw fault.reason;
  const [district, empty, browser] = starts.map((start) => start.value);
  const environment = {
    BIHUAN_PAGE: district.page, BIHUAN_EMPTY_PAGE: empty.page, BIHUAN_PROGRAM: program, BIHUAN_BROWSER: browser.endpoint,
  };
  const shared = files.filter((file) => !alone.has(file));
  const queue = [...longest.filter((file) => shared.includes(file)), ...shared.filter((file) => !longest.includes(file))];
  await Promise.all(Array.from({ length: at_once }, () => in_turn(queue, environment)));
  await in_turn(files.filter((file) => alone.has(file)), environment);
} catch (fault) {
  console.error(fault);
  total.failed += 1;
} finally {
  for (const start of starts) await start.value?.stop();
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 ? 1 : 0);
