// SPDX-License-Identifier: Apache-2.0
// A provider of OpenID Connect that others wrote (oidc-provider), with people of the test's own.
import { createServer } from "node:http";
import { exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

export const client_secret = "a secret/with: what has to be encoded%";

export async function signing_key(algorithm, id) {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: id, alg: algorithm, use: "sig" };
}

export class RealProvider {
  people = {};
  tokens_given = 0;

  static async start(port = 0) {
    const provider = new RealProvider();
    provider.server = createServer((request, response) => {
      if (request.url === "/token") ++provider.tokens_given;
      provider.handle(request, response);
    });
    await new Promise((resolve) => provider.server.listen(port, "127.0.0.1", resolve));
    provider.port = provider.server.address().port;
    provider.issuer = `http://127.0.0.1:${provider.port}`;
    return provider;
  }

  // Signs by these keys from now on.
  async serve(callback, keys, algorithm = "RS256") {
    const told = console.warn;
    console.warn = () => {};
    console.info = () => {};
    const provider = new Provider(this.issuer, {
      clients: [{
        client_id: "bihuan", client_secret, redirect_uris: [callback], grant_types: ["authorization_code"],
        response_types: ["code"], id_token_signed_response_alg: algorithm,
      }],
      pkce: { methods: ["S256"], required: () => true },
      features: { devInteractions: { enabled: true } },
      claims: { openid: ["sub"], profile: ["preferred_username", "name"], groups: ["groups"] },
      cookies: { keys: ["of these tests"] },
      jwks: { keys },
      findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id, preferred_username: id, ...this.people[id] }) }),
    });
    console.warn = told;
    this.handle = provider.callback();
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

// One that says whatever the test wants it to say.
export class HostileProvider {
  static async start() {
    const provider = new HostileProvider();
    provider.server = createServer((request, response) => provider.#answer(request, response));
    await new Promise((resolve) => provider.server.listen(0, "127.0.0.1", resolve));
    provider.issuer = `http://127.0.0.1:${provider.server.address().port}`;
    return provider;
  }

  async #answer(request, response) {
    const path = new URL(request.url, this.issuer).pathname;
    const answers = {
      "/.well-known/openid-configuration": () => ({
        issuer: this.issuer, authorization_endpoint: `${this.issuer}/auth`, token_endpoint: `${this.issuer}/token`,
        jwks_uri: `${this.issuer}/keys`, userinfo_endpoint: `${this.issuer}/userinfo`, ...this.description,
      }),
      "/keys": () => ({ keys: this.keys }),
      "/token": () => this.token(),
      "/userinfo": () => this.userinfo ?? { sub: "zhang" },
    };
    let said = await answers[path]?.();
    if (said === undefined) return;  // it hangs
    if (typeof said === "function") return said(response);
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(said));
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
