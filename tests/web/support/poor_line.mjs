// SPDX-License-Identifier: Apache-2.0
// A line between the browser and the page that can be cut, that breaks at a chosen place until it is mended, and that
// remembers what passed. It breaks more than once because browsers quietly repeat a request whose connection was reset.
import { createServer, request as ask } from "node:http";
import { after } from "node:test";
import { page_address } from "./browser.mjs";

const far = new URL(page_address);

// How a request can come to nothing: never arrive, arrive with its answer lost, or be answered that the server cannot.
export const breaks = ["cut", "answer lost", "error 500"];

// Lines that a failed test leaves open would keep its process from ending.
const lines = new Set();
after(() => Promise.all([...lines].map((line) => line.close())));

export async function open_line() {
  const line = {
    down: false,
    // {method, path, skip, how}: breaks every request that fits, after letting `skip` pass.
    broken: null,
    // "POST /path" of what reached the server.
    passed: [],
  };

  function fate_of(incoming) {
    const broken = line.broken;
    if (!broken || incoming.method !== broken.method || !incoming.url.startsWith(broken.path)) return "pass";
    if (broken.skip > 0) {
      broken.skip -= 1;
      return "pass";
    }
    return broken.how;
  }

  const server = createServer((incoming, outgoing) => {
    const fate = line.down ? "cut" : fate_of(incoming);
    if (fate === "cut") return incoming.socket.destroy();
    if (fate === "error 500") {
      incoming.resume();
      return incoming.on("end", () => outgoing.writeHead(500, { "Content-Type": "text/plain" }).end());
    }
    const onward = ask(
      { hostname: far.hostname, port: far.port, path: incoming.url, method: incoming.method, headers: incoming.headers },
      (answer) => {
        line.passed.push(`${incoming.method} ${incoming.url}`);
        if (fate === "answer lost") {
          answer.resume();
          return answer.on("end", () => incoming.socket.destroy());
        }
        outgoing.writeHead(answer.statusCode, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on("error", () => incoming.socket.destroy());
    // A stream of events ends with its reader.
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  line.address = `http://127.0.0.1:${server.address().port}`;
  lines.add(line);
  line.close = () => {
    lines.delete(line);
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return line;
}
