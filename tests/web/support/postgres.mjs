// SPDX-License-Identifier: Apache-2.0
// With BIHUAN_TEST_STORE=postgres the districts lie in a PostgreSQL of the tests' own: in a temporary directory, on a
// Unix socket in it, as somebody whom PostgreSQL accepts when the tests run as root. It ends with them.
import { execFileSync, spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const wants_postgres = process.env.BIHUAN_TEST_STORE === "postgres";

const installed = "/usr/lib/postgresql";
let server;
let databases = 0;

function owner() {
  if (process.getuid() !== 0) return {};
  const id = (flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

function start() {
  const newest = readdirSync(installed).map(Number).sort((a, b) => b - a)[0];
  const programs = join(installed, String(newest), "bin");
  const directory = mkdtempSync(join(tmpdir(), "bihuan-page-postgres-"));
  const as = owner();
  if (as.uid !== undefined) chownSync(directory, as.uid, as.gid);
  const data = join(directory, "data");
  const run = (name, words) => execFileSync(join(programs, name), words, { ...as, cwd: directory, stdio: "ignore" });
  run("initdb", ["-D", data, "-A", "trust", "-U", "bihuan", "-E", "UTF8", "--locale=C", "-N"]);
  const settings = ["listen_addresses=", "fsync=off", "full_page_writes=off", "max_connections=300"];
  run("pg_ctl", ["-D", data, "-w", "-l", join(directory, "log"), "-o",
    [`-k ${directory}`, ...settings.map((one) => `-c ${one}`)].join(" "), "start"]);
  process.on("exit", () => {
    spawnSync(join(programs, "pg_ctl"), ["-D", data, "-m", "immediate", "stop"], { ...as, cwd: directory });
    rmSync(directory, { recursive: true, force: true });
  });
  return { directory, create: (name) => run("createdb", ["-h", directory, "-U", "bihuan", "-T", "template0", name]) };
}

// The address of a new, empty one.
export function new_database() {
  server ??= start();
  const name = `page_${++databases}`;
  server.create(name);
  return `postgresql:///${name}?host=${server.directory}&user=bihuan`;
}
