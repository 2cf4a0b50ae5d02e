// SPDX-License-Identifier: Apache-2.0
// A client generated from the contract that the program serves, compiled strictly, does the main job against it; each
// answer on the way is held against the contract by an independent validator.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import test, { after, before } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import openapi, { astToString } from "openapi-typescript";
import { password, start_district } from "../web/support/district.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const program = process.env.BIHUAN_PROGRAM || join(here, "..", "..", "build", "dev", "bihuan");
const generated = join(here, "generated");

let district;
let client;
let contract;
const departures = [];
const seen = new Set();

// The operation that a request is of, as the contract's paths say.
function operation_of(method, path) {
  for (const [pattern, operations] of Object.entries(contract.paths)) {
    const shape = new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`);
    if (shape.test(path) && operations[method]) return operations[method];
  }
  throw new Error(`${method} ${path} is not in the contract`);
}

function resolved(value) {
  return value?.$ref ? value.$ref.slice(2).split("/").reduce((at, name) => at[name], contract) : value;
}

function watched_fetch() {
  const validator = new Ajv2020({ strict: false, allErrors: true });
  formats(validator);
  validator.addSchema({ $id: "contract", ...contract });
  return async (request) => {
    const answer = await fetch(request);
    const operation = operation_of(request.method.toLowerCase(), new URL(request.url).pathname);
    const where = `${operation.operationId} ${answer.status}`;
    seen.add(where);
    const response = resolved(operation.responses[answer.status]);
    const type = answer.headers.get("content-type")?.split(";")[0];
    if (!response) departures.push(`${where}: not in the contract`);
    else if (response.content && !response.content[type] && !response.content["*/*"]) departures.push(`${where}: ${type}`);
    else if (response.content?.[type]?.schema && /json$/.test(type)) {
      const text = JSON.stringify(response.content[type].schema).replaceAll('"#/', '"contract#/');
      const check = validator.compile(JSON.parse(text));
      if (!check(await answer.clone().json())) departures.push(`${where}: ${validator.errorsText(check.errors)}`);
    }
    return answer;
  };
}

before(async () => {
  district = await start_district(program);
  contract = await (await fetch(`${district.page}/api/v1/openapi.json`)).json();
  rmSync(generated, { recursive: true, force: true });
  mkdirSync(generated);
  writeFileSync(join(generated, "contract.d.ts"), astToString(await openapi(structuredClone(contract))));
  try {
    execFileSync(process.execPath, [join(here, "node_modules/typescript/bin/tsc"), "--project", here], { encoding: "utf8" });
  } catch (fault) {
    throw new Error(`the client does not compile:\n${fault.stdout}`);
  }
  client = await import(join(generated, "main_job.js"));
});

after(() => district?.stop());

test("the generated client takes an issue from found to struck off", async () => {
  const { done, states } = await client.issue_story(district.page, watched_fetch(), password);
  assert.equal(done.final, true);
  assert.equal(states.at(0), "found");
  assert.equal(states.at(-1), done.state);
  assert.equal(states.length, 9);

  const inspector = await client.Colleague.sign_in(district.page, watched_fetch(), "lijiatuo-inspector", password);
  const events = await inspector.history(done.id);
  assert.equal(events.at(-1).revision, done.revision);
  const [paper] = Object.values((await inspector.read(done.id)).documents).flat();
  assert.match(await inspector.download(paper.sha256), / of /);
});

test("it lists what is overdue, soonest due first, page by page", async () => {
  const supervisor = await client.Colleague.sign_in(district.page, watched_fetch(), "inspection-office-supervisor", password);
  const all = await supervisor.overdue(200);
  assert.ok(all.length > 3, `${all.length} overdue`);
  assert.deepEqual((await supervisor.overdue(3)).map(({ id }) => id), all.map(({ id }) => id));
  for (const line of all) {
    assert.equal(line.light, "red");
    assert.ok(line.deadlines.some(({ due, light }) => light === "red" && Date.parse(due) < Date.now()));
  }
  assert.ok(Array.isArray(await supervisor.worklist()));
});

test("it reads why something is refused", async () => {
  const inspector = await client.Colleague.sign_in(district.page, watched_fetch(), "lijiatuo-inspector", password);
  const { id, revision } = await inspector.open("inspection-issue", { problem: "河面有油花" });
  assert.deepEqual(await inspector.refused(id, "strike-off", revision), { status: 409, codes: ["not_from_this_state"] });
  assert.equal((await inspector.refused(id, "report", revision + 7)).status, 412);
});

test("every answer on the way was as the contract says", () => {
  assert.deepEqual(departures, []);
  assert.ok(seen.has("act_on_case 200") && seen.has("act_on_case 412") && seen.has("upload_attachment 201"), [...seen].join(", "));
});
