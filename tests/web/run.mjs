// SPDX-License-Identifier: Apache-2.0
// Starts one district for all tests, runs each file of them, counts, and stops it.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { start_district, start_empty_district } from "./support/district.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const [program, ...chosen] = process.argv.slice(2);
const files = chosen.length > 0 ? chosen : readdirSync(here).filter((name) => name.endsWith(".test.mjs")).sort();

function run(file, environment) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--test", "--test-reporter=tap", join(here, file)], {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.on("data", (bytes) => (said += bytes));
    child.on("close", (code) => {
      const count = (word) => Number(said.match(new RegExp(`^# ${word} (\\d+)`, "m"))?.[1] ?? 0);
      const passed = count("pass");
      // A file that died without counting has failed all the same.
      const failed = Math.max(count("fail") + count("cancelled"), code === 0 ? 0 : 1);
      if (failed > 0) process.stdout.write(said);
      console.log(`${file.padEnd(28)} ${passed} passed, ${failed} failed`);
      resolve({ passed, failed });
    });
  });
}

const total = { passed: 0, failed: 0 };
const districts = [];
try {
  districts.push(await start_district(program), await start_empty_district(program));
  const environment = { BIHUAN_PAGE: districts[0].page, BIHUAN_EMPTY_PAGE: districts[1].page, BIHUAN_PROGRAM: program };
  for (const file of files) {
    const { passed, failed } = await run(file, environment);
    total.passed += passed;
    total.failed += failed;
  }
} catch (fault) {
  console.error(fault);
  total.failed += 1;
} finally {
  for (const district of districts) await district.stop();
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 ? 1 : 0);
