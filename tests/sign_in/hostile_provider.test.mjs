// SPDX-License-Identifier: Apache-2.0
// A provider, or somebody in its place, that says what it should not: nobody comes in by it.
import assert from "node:assert/strict";
import { createHmac, createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import test, { after, before } from "node:test";
import { SignJWT, UnsecuredJWT, exportJWK, exportSPKI, generateKeyPair } from "jose";
import { Browser } from "./support/browser.mjs";
import { Office, own_password } from "./support/office.mjs";
import { HostileProvider } from "./support/provider.mjs";

let provider;
let office;
let own;
let other;

before(async () => {
  provider = await HostileProvider.start();
  own = await generateKeyPair("RS256");
  other = await generateKeyPair("RS256");
  provider.keys = [{ ...(await exportJWK(own.publicKey)), kid: "own", use: "sig" }];
  office = await Office.open((address) => `
[oidc]
issuer = "${provider.issuer}"
client_id = "bihuan"
redirect_uri = "${address}/api/v1/session/oidc/callback"
name_claim = "sub"
[sign_in]
memberships = [{unit = "water", roles = ["handler"]}]
`);
});

after(async () => {
  await office?.close();
  await provider?.stop();
});

const now = () => Math.floor(Date.now() / 1000);
const claims = (nonce) => ({ iss: provider.issuer, aud: "bihuan", sub: "zhang", nonce, iat: now(), exp: now() + 300 });
const signed = (said, header = {}, key = own.privateKey) =>
  new SignJWT(said).setProtectedHeader({ alg: "RS256", kid: "own", ...header }).sign(key);
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

// `token(nonce)` makes what the token endpoint answers with; where the browser is led then, and whether it is in.
async function outcome(token) {
  const browser = new Browser();
  const leave = await browser.go(`${office.address}/api/v1/session/oidc`);
  const asked = new URL(leave.location).searchParams;
  assert.equal(asked.get("code_challenge_method"), "S256");
  provider.token = () => token(asked.get("nonce"));
  const { location } = await browser.go(`${office.address}/api/v1/session/oidc/callback?code=c&state=${asked.get("state")}`);
  return [location.slice(office.address.length), browser.cookie("bihuan_session") !== undefined];
}

const with_token = (make) => outcome(async (nonce) => ({ access_token: "a", token_type: "Bearer", id_token: await make(nonce) }));
const in_ = ["/?sign_in=done", true];
const refused = ["/?sign_in=identity_refused", false];
const unavailable = ["/?sign_in=identity_unavailable", false];

test("with a token as it should be one comes in", async () => {
  assert.deepEqual(await with_token((nonce) => signed(claims(nonce))), in_);
  assert.deepEqual(await with_token((nonce) => signed({ ...claims(nonce), aud: ["bihuan", "x"], azp: "bihuan" })), in_);
});

const faulty_claims = {
  "another audience": { aud: "somebody-else" },
  "an audience that is no text": { aud: 7 },
  "several audiences, and no word of which": { aud: ["bihuan", "somebody-else"] },
  "another authorised party": { azp: "somebody-else" },
  "another nonce": { nonce: "of another sign-in" },
  "no nonce": { nonce: undefined },
  "another issuer": { iss: "https://login.example.org" },
  "an issuer that only begins like it": { iss: undefined },
  "an instant of its end that is over": { exp: 1_700_000_000 },
  "no end": { exp: undefined },
  "an end that is no number": { exp: "2099-01-01" },
  "a beginning in the future": { iat: 4_000_000_000 },
  "a validity that has not begun": { nbf: 4_000_000_000 },
  "nobody it is about": { sub: undefined },
  "a subject that is no text": { sub: 42 },
};
for (const [what, change] of Object.entries(faulty_claims)) {
  test(`a token with ${what} is refused`, async () => {
    assert.deepEqual(await with_token((nonce) => signed({ ...claims(nonce), ...change })), refused);
  });
}

test("a token without a signature is refused", async () => {
  assert.deepEqual(await with_token((nonce) => new UnsecuredJWT(claims(nonce)).encode()), refused);
  assert.deepEqual(await with_token((nonce) => `${part({ alg: "none", kid: "own" })}.${part(claims(nonce))}.`), refused);
  assert.deepEqual(await with_token((nonce) => `${part({ alg: "RS256", kid: "own" })}.${part(claims(nonce))}.`), refused);
});

test("a token signed with a text that everybody can read is refused", async () => {
  const pem = await exportSPKI(own.publicKey);
  const spki = createPublicKey(pem).export({ type: "spki", format: "der" });
  for (const secret of [pem, spki, JSON.stringify(provider.keys[0]), provider.keys[0].n, Buffer.from(provider.keys[0].n, "base64url")]) {
    assert.deepEqual(await with_token((nonce) => {
      const bytes = `${part({ alg: "HS256", kid: "own" })}.${part(claims(nonce))}`;
      return `${bytes}.${createHmac("sha256", secret).update(bytes).digest("base64url")}`;
    }), refused);
  }
});

test("a token signed by another key is refused, under the known id, an unknown one and none", async () => {
  for (const kid of ["own", "unknown", undefined]) {
    assert.deepEqual(await with_token((nonce) => signed(claims(nonce), { kid }, other.privateKey)), refused);
  }
});

test("a key that is brought along is not taken", async () => {
  const jwk = await exportJWK(other.publicKey);
  assert.deepEqual(await with_token((nonce) => signed(claims(nonce), { kid: undefined, jwk }, other.privateKey)), refused);
});

test("a token whose words were changed is refused", async () => {
  assert.deepEqual(await with_token(async (nonce) => {
    const [header, , signature] = (await signed(claims(nonce))).split(".");
    return `${header}.${part({ ...claims(nonce), sub: "admin" })}.${signature}`;
  }), refused);
});

test("an algorithm that does not fit the key is refused", async () => {
  assert.deepEqual(await with_token((nonce) => `${part({ alg: "ES256", kid: "own" })}.${part(claims(nonce))}.${randomBytes(64).toString("base64url")}`),
    refused);
});

test("a token that demands what is not known is refused", async () => {
  assert.deepEqual(await with_token((nonce) => new SignJWT(claims(nonce))
    .setProtectedHeader({ alg: "RS256", kid: "own", crit: ["x"], x: 1 }).sign(own.privateKey, { crit: { x: true } })), refused);
});

test("what is no token is refused", async () => {
  for (const token of ["", "a", "a.b", "a.b.c", "....", "{}", "é.é.é", `${part([])}.${part([])}.`, "x".repeat(100_000)]) {
    assert.deepEqual(await with_token(() => token), refused, token.slice(0, 20));
  }
  assert.deepEqual(await outcome(() => ({ id_token: 7 })), refused);
  assert.deepEqual(await outcome(() => (response) => response.end("no JSON")), refused);
});

test("keys that are too weak, or for other things, are not taken", async () => {
  const weak = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const jwk = await exportJWK(own.publicKey);
  const before_all = provider.keys;
  const fresh = await Office.open((address) => `
[oidc]
issuer = "${provider.issuer}"
client_id = "bihuan"
redirect_uri = "${address}/api/v1/session/oidc/callback"
name_claim = "sub"
[sign_in]
memberships = [{unit = "water", roles = ["handler"]}]
`);
  const usual = office;
  office = fresh;
  try {
    provider.keys = [
      { ...weak.publicKey.export({ format: "jwk" }), kid: "weak" }, { ...jwk, kid: "box", use: "enc" },
      { kty: "oct", k: "AAAA", kid: "own" }, { kty: "EC", crv: "P-256", x: part(1), y: part(2), kid: "own" }, 7, null,
    ];
    for (const kid of ["weak", "own"]) {
      const bytes = (nonce) => `${part({ alg: "RS256", kid })}.${part(claims(nonce))}`;
      const { createSign } = await import("node:crypto");
      assert.deepEqual(await with_token((nonce) =>
        `${bytes(nonce)}.${createSign("sha256").update(bytes(nonce)).sign(weak.privateKey).toString("base64url")}`), refused);
    }
    assert.deepEqual(await with_token((nonce) => signed(claims(nonce), { kid: "box" })), refused);
  } finally {
    office = usual;
    provider.keys = before_all;
    await fresh.close();
  }
});

test("information about somebody else is refused", async () => {
  provider.userinfo = { sub: "admin", groups: ["everything"] };
  assert.deepEqual(await with_token((nonce) => signed(claims(nonce))), refused);
  provider.userinfo = undefined;
});

test("an endpoint that redirects, fails, never ends or never answers keeps nobody else out", async () => {
  const elsewhere = (response) => { response.writeHead(302, { Location: `${provider.issuer}/keys` }); response.end(); };
  assert.deepEqual(await outcome(() => elsewhere), refused);
  assert.deepEqual(await outcome(() => (response) => { response.statusCode = 500; response.end("{}"); }), unavailable);
  assert.deepEqual(await outcome(() => (response) => response.end(Buffer.alloc(2 << 20, 32))), unavailable);
  const hanging = outcome(() => undefined);
  assert.equal((await office.sign_in("local", own_password)).status, 200);
  assert.deepEqual(await hanging, unavailable);
});

test("a description of another issuer, or one that leads to where anybody listens, is not followed", async () => {
  for (const description of [{ issuer: "https://login.example.org" }, { token_endpoint: "http://login.example.org/token" },
    { token_endpoint: "file:///etc/passwd" }, { authorization_endpoint: "javascript:alert(1)" }, { jwks_uri: undefined }]) {
    provider.description = description;
    const fresh = await Office.open((address) => `
[oidc]
issuer = "${provider.issuer}"
client_id = "bihuan"
redirect_uri = "${address}/api/v1/session/oidc/callback"
[sign_in]
memberships = [{unit = "water"}]
`.replace("{unit = \"water\"}", "{unit = \"water\", roles = [\"handler\"]}"));
    try {
      const { headers } = await fresh.ask("GET", "/api/v1/session/oidc");
      assert.equal(headers.get("location"), "/?sign_in=identity_unavailable", JSON.stringify(description));
    } finally {
      await fresh.close();
      provider.description = undefined;
    }
  }
});
