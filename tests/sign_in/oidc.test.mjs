// SPDX-License-Identifier: Apache-2.0
// The whole authorization code flow through real sockets: the program, a provider that others wrote, and a browser.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { Browser, through_provider } from "./support/browser.mjs";
import { Office, own_password } from "./support/office.mjs";
import { RealProvider, client_secret, signing_key } from "./support/provider.mjs";

const configuration = (issuer) => (address) => `
[oidc]
issuer = "${issuer}"
client_id = "bihuan"
client_secret = "${client_secret}"
redirect_uri = "${address}/api/v1/session/oidc/callback"
scopes = ["openid", "profile", "groups"]

[sign_in]
second_factor_roles = ["auditor"]
memberships = [
  {claim = "groups", value = "water-handlers", unit = "water", roles = ["handler"]},
  {claim = "groups", value = "water-heads", unit = "water", roles = ["dept_head"]},
  {claim = "groups", value = "auditors", unit = "audit", roles = ["auditor"]},
  {claim = "groups", value = "lost", unit = "no-such-unit", roles = ["handler"]},
]
`;

let provider;
let office;
let callback;

before(async () => {
  provider = await RealProvider.start();
  office = await Office.open(configuration(provider.issuer));
  callback = `${office.address}/api/v1/session/oidc/callback`;
  provider.people = {
    zhang: { name: "张一鸣", groups: ["water-handlers", "canteen"] },
    wang: { name: "王五", groups: ["canteen"] },
    local: { name: "本地的人", groups: ["WATER-HEADS"] },
    auditor: { name: "审计", groups: ["auditors"] },
    leaver: { name: "离职者", groups: ["water-handlers"] },
    lost: { name: "无处", groups: ["lost"] },
    "no name": { name: "空格", groups: ["water-handlers"] },
  };
  await provider.serve(callback, [await signing_key("RS256", "first")]);
});

after(async () => {
  await office?.close();
  await provider?.stop();
});

// The person that the browser is signed in as, after it went back to the office.
async function come_back(browser, address) {
  const answer = await browser.go(address);
  assert.equal(answer.status, 302, answer.text);
  const session = browser.cookie("bihuan_session");
  const me = session && (await browser.go(`${office.address}/api/v1/me`));
  return { to: answer.location.slice(office.address.length), me: me && JSON.parse(me.text), session };
}

async function sign_in(login, to) {
  const browser = new Browser();
  return come_back(browser, await through_provider(browser, office, login, to));
}

test("the page is told that there is a provider, and what its button says", async () => {
  const { body } = await office.ask("GET", "/api/v1/session/ways");
  assert.deepEqual(body, {
    directory: false, oidc: { title: { zh: "统一身份认证登录", en: "Sign in with the unified identity service" } },
  });
});

test("who signs in at the provider is a person of their unit here, and goes on to where they wanted to go", async () => {
  const { me, to, session } = await sign_in("zhang", "/ledger?light=red");
  assert.equal(to, "/ledger?light=red&sign_in=done");
  assert.equal(me.name, "zhang");
  assert.equal(me.full_name, "张一鸣");
  assert.equal(me.unit, "water");
  assert.deepEqual(me.roles, ["handler"]);
  assert.equal(me.pending, null);
  assert.match(session.attributes, /HttpOnly/);
  assert.match(session.attributes, /SameSite=Lax/);
});

test("the next time it is the same person, with the unit and the roles of now", async () => {
  const first = (await sign_in("zhang")).me.person;
  provider.people.zhang.groups = ["water-heads", "water-handlers"];
  const { me } = await sign_in("zhang");
  assert.equal(me.person, first);
  assert.deepEqual(me.roles, ["handler", "dept_head"]);
});

test("somebody who has an account already is found by the name", async () => {
  const kept = await office.person("local");
  const { me } = await sign_in("local");
  assert.equal(me.person, kept.id);
  assert.deepEqual(me.roles, ["dept_head"]);
});

test("who belongs to no unit, to one that there is not, or has a name that is none, stays out", async () => {
  for (const login of ["wang", "lost", "no name"]) {
    const { to, session } = await sign_in(login);
    assert.equal(to, "/?sign_in=identity_unplaced", login);
    assert.equal(session, undefined);
    assert.equal(await office.person(login), undefined);
  }
});

test("who is no longer active stays out", async () => {
  assert.ok((await sign_in("leaver")).session);
  await office.change_person("leaver", { active: false });
  const { to, session } = await sign_in("leaver");
  assert.equal(to, "/?sign_in=not_allowed");
  assert.equal(session, undefined);
});

test("a role that needs a second factor does not come in without one", async () => {
  const { to, session } = await sign_in("auditor");
  assert.equal(to, "/?sign_in=second_factor_required");
  assert.equal(session, undefined);
});

test("nobody has a password here who never had one", async () => {
  const answer = await office.sign_in("zhang", "any");
  assert.equal(answer.status, 401);
});

test("a code is redeemed once", async () => {
  const browser = new Browser();
  const address = await through_provider(browser, office, "zhang");
  const journey = structuredClone(browser.cookies);
  assert.ok((await come_back(browser, address)).session);
  const again = new Browser();
  again.cookies = journey;
  const { to, session } = await come_back(again, address);
  assert.equal(to, "/?sign_in=identity_refused");
  assert.equal(session, undefined);
});

test("what one browser began, no other finishes", async () => {
  const mine = new Browser();
  const address = await through_provider(mine, office, "zhang");
  const bare = await come_back(new Browser(), address);
  assert.equal(bare.to, "/?sign_in=identity_refused");
  const other = new Browser();
  await through_provider(other, office, "local");
  const given = provider.tokens_given;
  const crossed = await come_back(other, address);
  assert.equal(crossed.to, "/?sign_in=identity_refused");
  assert.equal(crossed.session, undefined);
  assert.equal(provider.tokens_given, given, "the code was not even shown to the provider");
});

test("a sign-in that is broken off at the provider leads back", async () => {
  const browser = new Browser();
  await browser.go(`${office.address}/api/v1/session/oidc`);
  const { to } = await come_back(browser, `${callback}?error=access_denied&error_description=no&state=x`);
  assert.equal(to, "/?sign_in=identity_refused");
});

test("the way back stays within the pages", async () => {
  for (const to of ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "worklist", "/a b", "/\n", ""]) {
    const { status } = await office.ask("GET", `/api/v1/session/oidc?to=${encodeURIComponent(to)}`);
    assert.equal(status, 400, to);
  }
});

test("keys that the provider changes are asked for anew", async () => {
  await provider.serve(callback, [await signing_key("RS256", "second")]);
  assert.equal((await sign_in("zhang")).me.name, "zhang");
});

test("tokens signed on an elliptic curve are believed as well", async () => {
  await provider.serve(callback, [await signing_key("ES256", "curve"), await signing_key("RS256", "third")], "ES256");
  assert.equal((await sign_in("zhang")).me.name, "zhang");
});

test("the log says why somebody was turned away, and nothing that is secret or personal", async () => {
  assert.match(office.log, /"reason":"the state is of another browser or sign-in"/);
  assert.match(office.log, /"reason":"the token endpoint answers 400 invalid_grant"/);
  assert.doesNotMatch(office.log, /张一鸣|code_verifier|a secret/);
});

test("while the provider is down that is said, and accounts of our own sign in", async () => {
  const browser = new Browser();
  const begun = await through_provider(browser, office, "zhang");
  await provider.stop();
  assert.equal((await come_back(browser, begun)).to, "/?sign_in=identity_unavailable");
  assert.equal((await office.sign_in("local", own_password)).status, 200);

  const alone = await Office.open(configuration(provider.issuer));
  try {
    const { status, headers } = await alone.ask("GET", "/api/v1/session/oidc");
    assert.equal(status, 302);
    assert.equal(headers.get("location"), "/?sign_in=identity_unavailable");
    assert.equal((await alone.sign_in("local", own_password)).status, 200);
  } finally {
    await alone.close();
  }
});
