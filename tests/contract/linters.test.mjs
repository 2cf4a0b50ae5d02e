// SPDX-License-Identifier: Apache-2.0
// The contract, which the program serves as it lies in the repository, before two linters that others publish: neither
// has anything to say.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "node:test";

const here = dirname(fileURLToPath(import.meta.url));
const contract = join(here, "..", "..", "api", "openapi.json");

function run(command, ...words) {
  const answer = spawnSync(join(here, "node_modules", ".bin", command), words, {
    cwd: here, encoding: "utf8", maxBuffer: 16 << 20,
    env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
  });
  if (answer.error) throw answer.error;
  return answer;
}

function redocly(file) {
  return JSON.parse(run("redocly", "lint", "--config", "redocly.yaml", "--format", "json", file).stdout).problems
    .map((problem) => `${problem.ruleId}: ${problem.message} ${problem.location[0]?.pointer ?? ""}`);
}

function spectral(file) {
  const said = run("spectral", "lint", "--ruleset", "spectral.json", "--display-only-failures=false", "--fail-severity", "hint",
    "--format", "json", "--quiet", file).stdout;
  return JSON.parse(said).map((problem) => `${problem.code}: ${problem.message} /${problem.path.join("/")}`);
}

test("redocly's recommended rules find no error and no warning", () => {
  assert.deepEqual(redocly(contract), []);
});

test("spectral's rules for OpenAPI find no error, no warning and no hint", () => {
  assert.deepEqual(spectral(contract), []);
});

test("both find what is wrong", () => {
  const faulty = join(here, "faulty.json");
  assert.ok(redocly(faulty).some((problem) => problem.startsWith("no-unresolved-refs")));
  assert.ok(spectral(faulty).some((problem) => problem.startsWith("invalid-ref")));
  assert.ok(spectral(faulty).some((problem) => problem.startsWith("operation-description")));
});
