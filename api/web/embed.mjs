// SPDX-License-Identifier: Apache-2.0
// Turns dist/ (or the directory given) into two sources that the program is linked with: page_bytes.s holds the files,
// page_files.cpp the table of them.
//   node embed.mjs DIST OUT
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const [dist, out] = process.argv.slice(2).map((path) => resolve(path));
const { files } = JSON.parse(readFileSync(join(dist, "manifest.json"), "utf8"));
const assembly = ['.section .rodata', ".section .note.GNU-stack,\"\",@progbits", ".section .rodata"];
const declarations = [];
let count = 0;

function embedded(name) {
  if (!name) return "{}";
  const symbol = `bihuan_page_${count++}`;
  assembly.push(`.global ${symbol}`, `.global ${symbol}_end`, `${symbol}:`, `.incbin "${join(dist, name)}"`);
  assembly.push(`${symbol}_end:`, ".byte 0");
  declarations.push(`extern char const ${symbol}[];`, `extern char const ${symbol}_end[];`);
  return `{${symbol}, static_cast<std::size_t>(${symbol}_end - ${symbol})}`;
}

const rows = files.map((file) => {
  const bytes = [file.file, file.encodings.gzip, file.encodings.br].map(embedded);
  const texts = [file.path, file.type, file.hash].map((text) => JSON.stringify(text));
  return `      {${[...texts, String(file.immutable), ...bytes].join(", ")}},`;
});
writeFileSync(join(out, "page_bytes.s"), assembly.join("\n") + "\n");
writeFileSync(
  join(out, "page_files.cpp"),
  `#include "api/http/page.hpp"

extern "C" {
${declarations.join("\n")}
}

namespace bihuan::http {

std::vector<PageFile> page_files() {
  return {
${rows.join("\n")}
  };
}

}  // namespace bihuan::http
`,
);
