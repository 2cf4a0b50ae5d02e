// SPDX-License-Identifier: Apache-2.0
// Signing in by name and password against a directory that others wrote, through real sockets.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import test, { after, before } from "node:test";
import { Directory, reader_password, suffix } from "./support/directory.mjs";
import { Office, own_password } from "./support/office.mjs";

let directory;
let office;

const configuration = (url, more = "") => `
[ldap]
url = "${url}"
bind_dn = "cn=reader,${suffix}"
bind_password = "${reader_password}"
base = "ou=people,${suffix}"
filter = "(&(objectClass=inetOrgPerson)(uid={name}))"
group_base = "ou=groups,${suffix}"
${more}
[sign_in]
second_factor_roles = ["auditor"]
memberships = [
  {claim = "groups", value = "cn=water-handlers,ou=groups,${suffix}", unit = "water", roles = ["handler"]},
  {claim = "groups", value = "cn=water-heads,ou=groups,${suffix}", unit = "water", roles = ["dept_head"]},
  {claim = "groups", value = "cn=auditors,ou=groups,${suffix}", unit = "audit", roles = ["auditor"]},
]
`;

before(async () => {
  const names = ["zhang", "wang", "local", "auditor", "leaver", "locked", "unlocked"];
  directory = await Directory.start(
    names.map((uid) => ({ uid, cn: uid === "zhang" ? "张一鸣" : uid, password: `the password of ${uid}` })),
    [
      { name: "water-handlers", members: ["zhang", "local", "leaver", "locked", "unlocked"] },
      { name: "water-heads", members: ["local"] },
      { name: "auditors", members: ["auditor"] },
    ]);
  office = await Office.open(() => configuration(`ldap://127.0.0.1:${directory.port}`));
});

after(async () => {
  await office?.close();
  await directory?.remove();
});

const code_of = ({ status, body }) => [status, body.code];

test("the page is told that a directory is asked", async () => {
  assert.deepEqual((await office.ask("GET", "/api/v1/session/ways")).body, { directory: true, oidc: null });
});

test("who is in a group comes in as a person of its unit with its roles", async () => {
  const { status, body } = await office.sign_in("zhang", "the password of zhang");
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.person.full_name, "张一鸣");
  assert.equal(body.person.unit, "water");
  assert.deepEqual(body.person.roles, ["handler"]);
  assert.equal(body.person.pending, null);
  assert.equal((await office.ask("GET", "/api/v1/me", undefined, body.token)).body.name, "zhang");
});

test("a name in capitals is the same person", async () => {
  const first = (await office.sign_in("zhang", "the password of zhang")).body.person;
  const again = (await office.sign_in("ZHANG", "the password of zhang")).body.person;
  assert.equal(again.person, first.person);
  assert.equal(again.name, "zhang");
});

test("the next time unit and roles are those of now", async () => {
  directory.change(`dn: cn=water-heads,ou=groups,${suffix}\nchangetype: modify\nadd: member\nmember: uid=zhang,ou=people,${suffix}\n`);
  assert.deepEqual((await office.sign_in("zhang", "the password of zhang")).body.person.roles, ["handler", "dept_head"]);
  directory.change(`dn: cn=water-handlers,ou=groups,${suffix}\nchangetype: modify\ndelete: member\nmember: uid=zhang,ou=people,${suffix}\n`);
  assert.deepEqual((await office.sign_in("zhang", "the password of zhang")).body.person.roles, ["dept_head"]);
});

test("a wrong password and an unknown name are answered alike, and an empty password is none", async () => {
  assert.deepEqual(code_of(await office.sign_in("wang", "guess")), [401, "wrong_credentials"]);
  assert.deepEqual(code_of(await office.sign_in("nobody", "guess")), [401, "wrong_credentials"]);
  assert.equal((await office.sign_in("wang", "")).status, 401);
});

test("a name is a name and no filter", async () => {
  for (const name of ["*", "zhan*", "z*g", "zhang)(uid=*", "*)(objectClass=*", "zhang)(|(uid=*", "\\7ahang", "zhang\\00", "(zhang)",
    `uid=zhang,ou=people,${suffix}`]) {
    assert.deepEqual(code_of(await office.sign_in(name, "the password of zhang")), [401, "wrong_credentials"], name);
  }
});

test("an account of our own keeps its password beside the one of the directory", async () => {
  const kept = await office.person("local");
  const own = (await office.sign_in("local", own_password)).body.person;
  const elsewhere = (await office.sign_in("local", "the password of local")).body.person;
  assert.equal(own.person, kept.id);
  assert.equal(elsewhere.person, kept.id);
  assert.deepEqual(elsewhere.roles, ["handler", "dept_head"]);
});

test("who is in no group of ours stays out, and is told so", async () => {
  assert.deepEqual(code_of(await office.sign_in("wang", "the password of wang")), [403, "identity_unplaced"]);
  assert.equal(await office.person("wang"), undefined);
});

test("who is no longer active is answered like who never was", async () => {
  assert.equal((await office.sign_in("leaver", "the password of leaver")).status, 200);
  await office.change_person("leaver", { active: false });
  assert.deepEqual(code_of(await office.sign_in("leaver", "the password of leaver")), [401, "wrong_credentials"]);
});

test("guesses are counted, whatever the letters of the name", async () => {
  for (const name of ["locked", "LOCKED", "Locked", "lOcked", "loCked"]) {
    assert.deepEqual(code_of(await office.sign_in(name, "guess")), [401, "wrong_credentials"]);
  }
  assert.deepEqual(code_of(await office.sign_in("lockeD", "the password of locked")), [429, "locked_out"]);
});

test("a second factor is enrolled with the password of the directory, and asked for then", async () => {
  const { token, person } = (await office.sign_in("auditor", "the password of auditor")).body;
  assert.equal(person.pending, "second_factor_missing");
  const wrong = await office.ask("POST", "/api/v1/me/second-factor", { password: "guess" }, token);
  assert.deepEqual(code_of(wrong), [422, "wrong_credentials"]);
  const { status, body } = await office.ask("POST", "/api/v1/me/second-factor", { password: "the password of auditor" }, token);
  assert.equal(status, 201);
  assert.equal((await office.ask("POST", "/api/v1/me/second-factor/confirmation", { code: totp(body.secret) }, token)).status, 204);
  assert.deepEqual(code_of(await office.sign_in("auditor", "the password of auditor")), [401, "second_factor_required"]);
  assert.deepEqual(code_of(await office.sign_in("auditor", "the password of auditor", "000000")), [401, "wrong_credentials"]);
});

test("a password that the directory keeps is not changed here", async () => {
  const { token } = (await office.sign_in("unlocked", "the password of unlocked")).body;
  const answer = await office.ask("POST", "/api/v1/me/password", { old: "the password of unlocked", new: own_password }, token);
  assert.equal(answer.status, 422);
});

test("through TLS it is asked only where its certificate is by the authority that is named", async () => {
  const tls = (url, ca, more = "") => Office.open(() => configuration(url, `ca_file = "${ca}"\n${more}`));
  const ways = [
    [`ldaps://127.0.0.1:${directory.tls_port}`, directory.authority, "", 200],
    [`ldap://127.0.0.1:${directory.port}`, directory.authority, "start_tls = true", 200],
    [`ldaps://127.0.0.1:${directory.tls_port}`, directory.stranger, "", 503],
    [`ldap://127.0.0.1:${directory.port}`, directory.stranger, "start_tls = true", 503],
  ];
  for (const [url, ca, more, expected] of ways) {
    const secured = await tls(url, ca, more);
    try {
      const { status, body } = await secured.sign_in("zhang", "the password of zhang");
      assert.equal(status, expected, `${url} ${ca}: ${JSON.stringify(body)}`);
      if (expected === 503) assert.equal(body.code, "identity_unavailable");
    } finally {
      await secured.close();
    }
  }
});

test("one that hangs, is down or does not know who asks holds up nobody else, and is said to be so", async () => {
  directory.pause();
  const hanging = office.sign_in("unlocked", "the password of unlocked");
  assert.equal((await office.sign_in("local", own_password)).status, 200);
  assert.deepEqual(code_of(await hanging), [503, "identity_unavailable"]);
  directory.resume();
  assert.equal((await office.sign_in("unlocked", "the password of unlocked")).status, 200);

  directory.change(`dn: cn=reader,${suffix}\nchangetype: modify\nreplace: userPassword\nuserPassword: another\n`);
  assert.deepEqual(code_of(await office.sign_in("unlocked", "the password of unlocked")), [503, "identity_unavailable"]);
  await directory.stop();
  assert.deepEqual(code_of(await office.sign_in("unlocked", "the password of unlocked")), [503, "identity_unavailable"]);
  assert.equal((await office.sign_in("local", own_password)).status, 200);
  // Meanwhile nobody may guess on at passwords of our own.
  for (let guess = 0; guess < 5; ++guess) await office.sign_in("local", "guess");
  assert.deepEqual(code_of(await office.sign_in("local", own_password)), [429, "locked_out"]);
  assert.doesNotMatch(office.log, /the password of|of who looks people up/);
});

// RFC 6238 with what the enrolment gives: SHA-1, six digits, thirty seconds.
function totp(secret) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replaceAll("=", "")].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac("sha1", key).update(counter).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
