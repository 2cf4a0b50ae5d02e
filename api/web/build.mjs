// SPDX-License-Identifier: Apache-2.0
// Builds the page into dist/ (or the directory given): hashed assets with .gz and .br beside each, and manifest.json,
// from which the program learns what to serve. Fails when a budget is exceeded.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { generate } from "./generate_types.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, "dist"));
const kilobyte = 1024;
const budgets = { script: 40 * kilobyte, style: 15 * kilobyte, lazy: 220 * kilobyte };
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
  ".txt": "text/plain; charset=utf-8",
};

const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2021", "chrome90", "firefox90", "safari15"],
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "warning",
  loader: { ".png": "file", ".svg": "file" },
  assetNames: "assets/[name]-[hash]",
};

// A worker is a file of its own; the page is told its address.
async function build_worker(source) {
  if (!existsSync(join(here, source))) return "";
  const built = await build({
    ...common,
    entryPoints: [source],
    outdir: out,
    entryNames: "assets/[name]-[hash]",
    metafile: true,
  });
  return "/" + relative(out, resolve(here, Object.keys(built.metafile.outputs)[0]));
}

async function build_page(photo_worker) {
  return build({
    ...common,
    entryPoints: { app: "src/main.tsx" },
    outdir: out,
    entryNames: "assets/[name]-[hash]",
    chunkNames: "assets/[name]-[hash]",
    splitting: true,
    metafile: true,
    define: { PHOTO_WORKER: JSON.stringify(photo_worker) },
  });
}

// What the browser must fetch before anything is shown: the entry, and what it imports without waiting.
function first_load(metafile) {
  const outputs = metafile.outputs;
  const entry = Object.keys(outputs).find((name) => outputs[name].entryPoint === "src/main.tsx");
  const wanted = new Set();
  const visit = (name) => {
    if (wanted.has(name)) return;
    wanted.add(name);
    for (const used of outputs[name]?.imports ?? []) if (used.kind === "import-statement") visit(used.path);
  };
  visit(entry);
  return { entry, scripts: [...wanted], style: outputs[entry].cssBundle };
}

async function build_service_worker(shell) {
  const source = "src/offline/service_worker.ts";
  if (!existsSync(join(here, source))) return;
  const version = createHash("sha256").update(shell.join("\n")).digest("hex").slice(0, 12);
  await build({
    ...common,
    format: "iife",
    entryPoints: [source],
    outfile: join(out, "service-worker.js"),
    define: { SHELL: JSON.stringify(shell), SHELL_VERSION: JSON.stringify(version) },
  });
}

function packed_size(path) {
  return gzipSync(readFileSync(path), { level: 9 }).length;
}

function check_budgets(metafile, first) {
  const absolute = (name) => resolve(here, name);
  const script = first.scripts.reduce((sum, name) => sum + packed_size(absolute(name)), 0);
  const style = packed_size(absolute(first.style));
  const faults = [];
  const say = (what, size, limit) => {
    const line = `${what}: ${(size / kilobyte).toFixed(1)} KB of ${limit / kilobyte} KB`;
    console.log(line);
    if (size > limit) faults.push(line);
  };
  say("first load, script", script, budgets.script);
  say("first load, style", style, budgets.style);
  let heaviest = ["", 0];
  for (const name of Object.keys(metafile.outputs)) {
    if (first.scripts.includes(name) || name === first.style) continue;
    const size = packed_size(absolute(name));
    if (size > heaviest[1]) heaviest = [name, size];
  }
  say(`heaviest lazy part (${basename(heaviest[0])})`, heaviest[1], budgets.lazy);
  if (faults.length > 0) throw new Error(`over budget: ${faults.join("; ")}`);
}

function write_index(first) {
  const address = (name) => "/" + relative(out, resolve(here, name));
  const preloads = first.scripts
    .filter((name) => name !== first.entry)
    .map((name) => `<link rel="modulepreload" href="${address(name)}">`);
  const html = readFileSync(join(here, "index.html"), "utf8")
    .replace("<!-- style -->", `<link rel="stylesheet" href="${address(first.style)}">`)
    .replace("<!-- script -->", [...preloads, `<script type="module" src="${address(first.entry)}"></script>`].join("\n"));
  writeFileSync(join(out, "index.html"), html);
}

// The licences of what is compiled into the page travel with it.
function write_notices() {
  const lock = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf8"));
  const parts = [];
  for (const [path, part] of Object.entries(lock.packages)) {
    if (!path || part.dev) continue;
    const directory = join(here, path);
    if (!existsSync(directory)) continue;
    const licence = readdirSync(directory).find((name) => /^licen[cs]e/i.test(name));
    const text = licence ? readFileSync(join(directory, licence), "utf8").trim() : (part.license ?? "");
    parts.push(`${path.replace(/^.*node_modules\//, "")} ${part.version}\n\n${text}\n`);
  }
  writeFileSync(join(out, "third-party-licences.txt"), parts.join(`\n${"-".repeat(72)}\n\n`));
}

function all_files(directory) {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? all_files(path) : [path];
  });
}

function compress_and_list() {
  const files = all_files(out)
    .sort()
    .map((path) => {
      const bytes = readFileSync(path);
      const name = relative(out, path);
      const file = {
        path: "/" + name,
        file: name,
        type: types[extname(name)] ?? "application/octet-stream",
        hash: createHash("sha256").update(bytes).digest("hex"),
        size: bytes.length,
        immutable: name.startsWith("assets/"),
        encodings: {},
      };
      const variants = {
        gzip: [".gz", gzipSync(bytes, { level: 9 })],
        br: [".br", brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })],
      };
      for (const [encoding, [ending, packed]] of Object.entries(variants)) {
        if (packed.length >= bytes.length) continue;
        writeFileSync(path + ending, packed);
        file.encodings[encoding] = name + ending;
      }
      return file;
    });
  writeFileSync(join(out, "manifest.json"), JSON.stringify({ files }, null, 1) + "\n");
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
generate();
const photo_worker = await build_worker("src/offline/photo_worker.ts");
const page = await build_page(photo_worker);
const first = first_load(page.metafile);
write_index(first);
for (const name of readdirSync(join(here, "public"))) {
  writeFileSync(join(out, name), readFileSync(join(here, "public", name)));
}
const assets = all_files(join(out, "assets")).map((path) => "/" + relative(out, path));
await build_service_worker(["/", ...assets.filter((path) => statSync(join(out, path)).size > 0)]);
write_notices();
check_budgets(page.metafile, first);
compress_and_list();
