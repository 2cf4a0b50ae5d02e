// SPDX-License-Identifier: Apache-2.0
// The program, serving an office of its own on a free port by a configuration that the test writes.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
export const program = process.env.BIHUAN_PROGRAM || join(root, "build", "dev", "bihuan");
export const own_password = "rain over the huaxi river 7";

export function free_port() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export function stopped(child) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const limit = setTimeout(() => child.kill("SIGKILL"), 20_000);
    child.on("exit", () => { clearTimeout(limit); resolve(); });
    child.kill("SIGTERM");
  });
}

function serving(child) {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (bytes) => {
      said += bytes;
      if (/http:\/\/127\.0\.0\.1:\d+/.test(said)) resolve();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", (code) => reject(new Error(`ended with ${code} before it served: ${said}`)));
  });
}

export function new_directory() {
  return mkdtempSync(join(tmpdir(), "bihuan-sign-in-"));
}

export class Office {
  constructor(directory, port, child) {
    this.directory = directory;
    this.port = port;
    this.child = child;
    this.log = "";
    this.address = `http://127.0.0.1:${port}`;
    child.stderr.on("data", (bytes) => (this.log += bytes));
  }

  // `configuration` gives the TOML for the address that the office will have. An administrator and a handler of their own
  // have `own_password`.
  static async open(configuration, ...flags) {
    const directory = new_directory();
    const data = join(directory, "data");
    for (const [name, unit, role] of [["admin", "inspection-office", "admin"], ["local", "water", "handler"]]) {
      execFileSync(program, ["user", "add", name, "--data", data, "--workflows", join(root, "workflows"), "--full-name", name,
        "--unit", unit, "--role", role, "--password-stdin"], { input: `${own_password}\n`, stdio: ["pipe", "ignore", "inherit"] });
    }
    const port = await free_port();
    const file = join(directory, "bihuan.toml");
    writeFileSync(file, configuration(`http://127.0.0.1:${port}`));
    const child = spawn(program, ["serve", "--config", file, "--port", String(port), "--data", data,
      "--workflows", join(root, "workflows"), "--log-level", "warning", ...flags]);
    const office = new Office(directory, port, child);
    await serving(child);
    return office;
  }

  async close() {
    await stopped(this.child);
    rmSync(this.directory, { recursive: true, force: true });
  }

  async ask(method, path, body, token) {
    const headers = { "Accept-Language": "en" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (token) headers.Authorization = `Bearer ${token}`;
    const answer = await fetch(this.address + path,
      { method, headers, body: body === undefined ? undefined : JSON.stringify(body), redirect: "manual" });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: /json/.test(answer.headers.get("content-type")) ? JSON.parse(text) : text };
  }

  sign_in(name, password, code) {
    return this.ask("POST", "/api/v1/session", code ? { name, password, code } : { name, password });
  }

  // Who keeps people: their first password is changed, as everybody's is.
  async administrator() {
    if (this.admin_token) return this.admin_token;
    const first = (await this.sign_in("admin", own_password)).body.token;
    const changed = `${own_password} and 8`;
    const answer = await this.ask("POST", "/api/v1/me/password", { old: own_password, new: changed }, first);
    if (answer.status !== 204) throw new Error(JSON.stringify(answer.body));
    return (this.admin_token = first);
  }

  async people() {
    return (await this.ask("GET", "/api/v1/people", undefined, await this.administrator())).body.items;
  }

  async person(name) {
    return (await this.people()).find((person) => person.name === name);
  }

  async change_person(name, change) {
    const { id } = await this.person(name);
    const token = await this.administrator();
    const { headers } = await this.ask("GET", `/api/v1/people/${id}`, undefined, token);
    const answer = await fetch(`${this.address}/api/v1/people/${id}`, {
      method: "PATCH", body: JSON.stringify(change),
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", "If-Match": headers.get("etag") },
    });
    if (!answer.ok) throw new Error(await answer.text());
  }
}
