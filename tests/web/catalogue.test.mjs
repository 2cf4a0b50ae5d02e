// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const web = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "api", "web");
const typescript = createRequire(join(web, "package.json"))("typescript");
const raw = Object.fromEntries(["zh", "en"].map((language) => [language, readFileSync(join(web, "src/messages", `${language}.json`), "utf8")]));
const catalogues = { zh: JSON.parse(raw.zh), en: JSON.parse(raw.en) };

function sources(directory = join(web, "src")) {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !/contract\.ts$|offered\.ts$/.test(entry.name) ? [path] : [];
  });
}

const trees = sources().map((path) => ({
  name: relative(web, path),
  tree: typescript.createSourceFile(path, readFileSync(path, "utf8"), typescript.ScriptTarget.Latest, true, typescript.ScriptKind.TSX),
}));

function visit(node, look) {
  look(node);
  node.forEachChild((child) => visit(child, look));
}

test("both catalogues have the same keys, each once", () => {
  assert.deepEqual(Object.keys(catalogues.zh), Object.keys(catalogues.en));
  for (const language of ["zh", "en"]) {
    const keys = [...raw[language].matchAll(/^\s*"([^"]+)":/gm)].map((found) => found[1]);
    assert.equal(keys.length, new Set(keys).size, `${language}: a key stands twice`);
  }
});

test("no text is empty, and both languages fill in the same names", () => {
  const names = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();
  for (const [key, zh] of Object.entries(catalogues.zh)) {
    assert.ok(zh.trim() && catalogues.en[key].trim(), key);
    assert.deepEqual(names(zh), names(catalogues.en[key]), key);
  }
});

test("every key that code names is in the catalogues", () => {
  for (const { name, tree } of trees) {
    visit(tree, (node) => {
      if (!typescript.isCallExpression(node) || node.expression.getText() !== "t") return;
      const key = node.arguments[0];
      if (key && typescript.isStringLiteral(key)) assert.ok(key.text in catalogues.zh, `${name}: ${key.text}`);
    });
  }
});

test("every key of the catalogues is named by code", () => {
  const words = new Set();
  const beginnings = [];
  for (const { tree } of trees) {
    visit(tree, (node) => {
      if (typescript.isStringLiteral(node) || typescript.isNoSubstitutionTemplateLiteral(node)) words.add(node.text);
      if (typescript.isTemplateExpression(node) && /^[a-z_]+(\.[a-z_]*)+$/.test(node.head.text)) beginnings.push(node.head.text);
    });
  }
  const unnamed = Object.keys(catalogues.zh).filter(
    (key) => !words.has(key) && !beginnings.some((beginning) => key.startsWith(beginning)));
  assert.deepEqual(unnamed, []);
});

test("no text for people stands in code", () => {
  const read_by_people = new Set(["aria-label", "title", "placeholder", "alt", "label"]);
  const found = [];
  for (const { name, tree } of trees) {
    visit(tree, (node) => {
      const at = () => `${name}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
      if (typescript.isStringLiteralLike(node) && /[\u3400-\u9fff]/.test(node.text)) found.push(`${at()} ${node.text}`);
      if (typescript.isJsxText(node) && /\p{L}{2,}/u.test(node.text)) found.push(`${at()} ${node.text.trim()}`);
      if (typescript.isJsxAttribute(node) && read_by_people.has(node.name.getText()) && node.initializer
        && typescript.isStringLiteral(node.initializer) && /\p{L}{2,}/u.test(node.initializer.text)) {
        found.push(`${at()} ${node.initializer.text}`);
      }
    });
  }
  assert.deepEqual(found, []);
});
