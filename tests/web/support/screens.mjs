// SPDX-License-Identifier: Apache-2.0
// Every address of the page that stands for itself, read from its table of routes.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const table = readFileSync(join(dirname(fileURLToPath(import.meta.url)), "../../../api/web/src/routes.ts"), "utf8");

export const screens = [...table.matchAll(/pattern: "([^"]+)"/g)].map((found) => found[1]).filter((path) => !path.includes(":"));
