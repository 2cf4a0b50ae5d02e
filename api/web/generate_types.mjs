// SPDX-License-Identifier: Apache-2.0
// Writes the types of the contract (src/api/contract.ts) and what it offers (src/api/offered.ts), so that a page
// built against another contract does not compile, or shows what that server can do.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const note = "// SPDX-License-Identifier: Apache-2.0\n// Generated from openapi.json by generate_types.mjs.\n";

function quoted(name) {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function type_of_object(schema) {
  const required = new Set(schema.required ?? []);
  const members = Object.entries(schema.properties ?? {}).map(
    ([name, member]) => `${quoted(name)}${required.has(name) ? "" : "?"}: ${type_of(member)}`,
  );
  const rest = schema.additionalProperties;
  const open = typeof rest === "object" ? type_of(rest) : "unknown";
  if (members.length === 0) return `Record<string, ${open}>`;
  return `{ ${members.join("; ")} }`;
}

function type_of(schema) {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const several = schema.oneOf ?? schema.anyOf;
  if (several) return several.map(type_of).join(" | ");
  if (schema.allOf) return schema.allOf.map((part) => `(${type_of(part)})`).join(" & ");
  const kinds = [schema.type ?? []].flat();
  const names = kinds.map((kind) => {
    if (kind === "array") return `Array<${schema.items ? type_of(schema.items) : "unknown"}>`;
    if (kind === "object") return type_of_object(schema);
    if (kind === "integer" || kind === "number") return "number";
    return kind;
  });
  if (names.length > 0) return names.join(" | ");
  return schema.properties ? type_of_object(schema) : "unknown";
}

function parameter_names(contract, owner) {
  return (owner.parameters ?? [])
    .map((parameter) => (parameter.$ref ? contract.components.parameters[parameter.$ref.split("/").pop()] : parameter))
    .filter((parameter) => parameter.in === "query")
    .map((parameter) => parameter.name);
}

export function generate() {
  const contract = JSON.parse(readFileSync(join(here, "..", "openapi.json"), "utf8"));
  const types = Object.entries(contract.components.schemas).map(
    ([name, schema]) => `export type ${name} = ${type_of(schema)};`,
  );
  writeFileSync(join(here, "src/api/contract.ts"), `${note}${types.join("\n")}\n`);

  const offered = {};
  for (const [path, operations] of Object.entries(contract.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      if (!operation.operationId) continue;
      const query = [...parameter_names(contract, operations), ...parameter_names(contract, operation)];
      offered[`${method.toUpperCase()} ${path}`] = query;
    }
  }
  writeFileSync(
    join(here, "src/api/offered.ts"),
    `${note}// Operations by method and path, each with its query parameters.\n` +
      `export const offered: Readonly<Record<string, readonly string[]>> = ${JSON.stringify(offered)};\n`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) generate();
