// SPDX-License-Identifier: Apache-2.0
// A district of the tests' own: data in a temporary directory, the program on a free port, the page beside it when the
// program was built without one.
import { execFile, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { new_database, wants_postgres } from "./postgres.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..", "..");
const workflows = process.env.BIHUAN_WORKFLOWS ?? join(root, "workflows");
// A page that is being worked on (what build.mjs wrote), beside a program that was built earlier.
const tried_page = process.env.BIHUAN_DIST;
export const password = "bihuan-demo-1";
// Whom the program lets in by a first password chooses one of their own before anything else.
export const empty_password = "rain over the huaxi river 7";
export const empty_people = ["inspector", "supervisor", "admin", "auditor", "handler"];

// Resolves with the first address the process prints.
function started(child) {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (bytes) => {
      said += bytes;
      const address = said.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (address) resolve(address[0]);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", (code) => reject(new Error(`ended with ${code} before it served: ${said}`)));
  });
}

function stopped(child) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const limit = setTimeout(() => child.kill("SIGKILL"), 20_000);
    child.on("exit", () => { clearTimeout(limit); resolve(); });
    child.kill("SIGTERM");
  });
}

async function serves_page(address) {
  const answer = await fetch(`${address}/`);
  return answer.ok && /text\/html/.test(answer.headers.get("content-type") ?? "");
}

async function serve(program, data) {
  const children = [];
  const words = ["serve", "--port", "0", "--data", data, "--workflows", workflows, "--log-level", "warning"];
  if (wants_postgres) {
    const store = new_database();
    await promisify(execFile)(program, ["copy", "--from", `sqlite:${data}`, "--to", store]);
    words.push("--store", store);
  }
  const server = spawn(program, words);
  children.push(server);
  const api = await started(server);
  let page = api;
  if (tried_page || !(await serves_page(api))) {
    const web = join(root, "api", "web");
    const dist = tried_page ?? join(web, "dist");
    if (!existsSync(join(dist, "manifest.json"))) {
      execFileSync(process.execPath, ["build.mjs", dist], { cwd: web, stdio: "inherit" });
    }
    const preview = spawn(process.execPath, [join(web, "preview.mjs"), "--port", "0", "--api", api, "--dist", dist]);
    children.push(preview);
    page = await started(preview);
  }
  return {
    page,
    data,
    stop: async () => {
      for (const child of children.reverse()) await stopped(child);
      rmSync(dirname(data), { recursive: true, force: true });
    },
  };
}

function new_directory() {
  return join(mkdtempSync(join(tmpdir(), "bihuan-page-")), "data");
}

export async function start_district(program) {
  const data = new_directory();
  await promisify(execFile)(program, ["demo", "--data", data, "--seed", "1", "--cases", "60", "--workflows", workflows]);
  return serve(program, data);
}

async function choose_password(page, name) {
  const send = (path, body, headers = {}) => fetch(page + path,
    { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) });
  const { token } = await (await send("/api/v1/session", { name, password })).json();
  const answer = await send("/api/v1/me/password", { old: password, new: empty_password }, { Authorization: `Bearer ${token}` });
  if (!answer.ok) throw new Error(`${name} cannot choose a password: ${await answer.text()}`);
}

// People, and not one case.
export async function start_empty_district(program) {
  const data = new_directory();
  const units = { supervisor: "inspection-office", admin: "inspection-office", auditor: "audit" };
  for (const role of empty_people) {
    const words = ["user", "add", role, "--data", data, "--workflows", workflows, "--full-name", role,
      "--unit", units[role] ?? "seeb", "--role", role, "--password-stdin"];
    execFileSync(program, words, { input: `${password}\n`, stdio: ["pipe", "ignore", "inherit"] });
  }
  const district = await serve(program, data);
  for (const role of empty_people) await choose_password(district.page, role);
  return district;
}
