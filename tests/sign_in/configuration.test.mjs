// SPDX-License-Identifier: Apache-2.0
// What is wrong with the settings is named before anybody signs in by them; secrets are not shown.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test, { after } from "node:test";
import { program } from "./support/office.mjs";

const directory = mkdtempSync(join(tmpdir(), "bihuan-settings-"));
const workflows = fileURLToPath(new URL("../../workflows", import.meta.url));
after(() => rmSync(directory, { recursive: true, force: true }));

let environment = {};

function run(text, ...words) {
  const file = join(directory, "bihuan.toml");
  writeFileSync(file, text);
  const { status, stdout, stderr } = spawnSync(program, [...words, "--config", file], {
    cwd: directory, encoding: "utf8", env: { ...process.env, BIHUAN_DATA__WORKFLOWS: workflows, BIHUAN_LANG: "en", LANG: "C.UTF-8", ...environment },
  });
  return { status, said: stdout + stderr };
}

const good = `
[oidc]
issuer = "https://login.example.org"
client_id = "bihuan"
client_secret = "not to be seen"
redirect_uri = "https://bihuan.example/api/v1/session/oidc/callback"
[ldap]
url = "ldaps://ldap.example.org"
bind_dn = "cn=reader"
bind_password = "not to be seen either"
base = "dc=example"
[sign_in]
memberships = [{claim = "groups", value = "a \\"b\\"", unit = "water", roles = ["handler"]}, {roles = ["inspector"]}]
`;

test("good settings are good, and what is shown of them is good as well, without its secrets", () => {
  assert.deepEqual(run(good, "config", "check").status, 0, run(good, "config", "check").said);
  const shown = run(good, "config", "show", "--redacted").said;
  assert.match(shown, /issuer = "https:\/\/login.example.org"/);
  assert.doesNotMatch(shown, /not to be seen/);
  const whole = run(good, "config", "show").said;
  assert.match(whole, /not to be seen either/);
  assert.equal(run(whole, "config", "check").status, 0);
  const values = (text) => text.replaceAll(/  # .*$/gm, "");
  assert.equal(values(run(whole, "config", "show").said), values(whole));
});

test("the environment goes over the file, secrets and memberships too", () => {
  environment = { BIHUAN_LDAP__BIND_PASSWORD: "of the environment", BIHUAN_SIGN_IN__MEMBERSHIPS: '[{"unit": "seeb", "roles": []}]' };
  const { said } = run(good, "config", "show");
  assert.match(said, /bind_password = "of the environment"  # environment/);
  assert.match(said, /memberships = \[\{unit = "seeb", roles = \[\]\}\]  # environment/);
  environment = { BIHUAN_SIGN_IN__MEMBERSHIPS: "unit=seeb" };
  assert.equal(run(good, "config", "check").status, 1);
  environment = {};
});

test("every fault is named", () => {
  const { status, said } = run(`
[oidc]
issuer = "http://login.example.org"
redirect_uri = "https://bihuan.example/elsewhere"
scopes = ["profile"]
ca_file = "/no/such/file"
[ldap]
url = "ldap://ldap.example.org"
bind_dn = "cn=reader"
filter = "(uid=*)"
group_base = "ou=groups"
group_filter = "(member=*)"
`, "config", "check");
  assert.equal(status, 1);
  for (const name of ["oidc.issuer", "oidc.client_id", "oidc.redirect_uri", "oidc.scopes", "oidc.ca_file", "ldap.url", "ldap.base",
    "ldap.filter", "ldap.group_filter", "ldap.bind_password", "sign_in.memberships"]) {
    assert.ok(said.includes(name), `${name} in ${said}`);
  }
});

test("memberships that say nothing are faults with their place", () => {
  const { status, said } = run(`
[sign_in]
memberships = [{unit = "water"}, {claim = "groups", roles = ["handler"]}, {claim = "groups", value = "x"}, {unit = "water", role = "x"}]
`, "config", "check");
  assert.equal(status, 1);
  for (const place of ["/sign_in/memberships/1/value", "/sign_in/memberships/2/unit", "/sign_in/memberships/3/role"]) {
    assert.ok(said.includes(place), `${place} in ${said}`);
  }
  assert.ok(!said.includes("/sign_in/memberships/0"));
});

test("a service whose ways of signing in are faulty does not start", () => {
  const { status, said } = run("[ldap]\nurl = \"ldap://ldap.example.org\"\n", "serve", "--port", "0");
  assert.equal(status, 1);
  assert.ok(said.includes("ldap.url"), said);
});
