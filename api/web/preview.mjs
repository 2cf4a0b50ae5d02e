// SPDX-License-Identifier: Apache-2.0
// Serves dist/ beside a running program, for work on the page without building the program:
//   node preview.mjs [--port 18081] [--api http://127.0.0.1:8080] [--dist DIR]
// It answers as the program does: same headers, same addresses, the API passed on.
import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer, request as ask } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    port: { type: "string", default: "18081" },
    api: { type: "string", default: "http://127.0.0.1:8080" },
    dist: { type: "string", default: join(here, "dist") },
  },
});
const api = new URL(values.api);
const policy =
  "default-src 'self'; img-src 'self' blob: data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const of_the_program = /^\/(api|problems|livez|readyz|metrics|feeds|open311)(\/|$)/;

function pass_on(incoming, outgoing) {
  const onward = ask(
    { hostname: api.hostname, port: api.port, path: incoming.url, method: incoming.method, headers: incoming.headers },
    (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    },
  );
  onward.on("error", () => {
    if (!outgoing.headersSent) outgoing.writeHead(502);
    outgoing.end();
  });
  // A stream of events ends with its reader.
  outgoing.on("close", () => onward.destroy());
  incoming.pipe(onward);
}

const server = createServer((incoming, outgoing) => {
  const path = new URL(incoming.url, "http://page").pathname;
  if (of_the_program.test(path)) return pass_on(incoming, outgoing);
  const { files } = JSON.parse(readFileSync(join(values.dist, "manifest.json"), "utf8"));
  const page = files.find((file) => file.path === "/index.html");
  const file = files.find((candidate) => candidate.path === path) ?? (path.startsWith("/assets/") ? undefined : page);
  if (!file) {
    outgoing.writeHead(404);
    return outgoing.end();
  }
  const accepted = (incoming.headers["accept-encoding"] ?? "").split(/[ ,]+/);
  const encoding = ["br", "gzip"].find((name) => file.encodings[name] && accepted.includes(name));
  const name = join(values.dist, encoding ? file.encodings[encoding] : file.file);
  outgoing.writeHead(200, {
    "Content-Type": file.type,
    "Content-Length": statSync(name).size,
    ...(encoding ? { "Content-Encoding": encoding } : {}),
    "Cache-Control": file.immutable ? "public, max-age=31536000, immutable" : "no-cache",
    "Content-Security-Policy": policy,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
    Vary: "Accept-Encoding",
  });
  createReadStream(name).pipe(outgoing);
});
server.listen(Number(values.port), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
