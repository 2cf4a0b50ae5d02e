// SPDX-License-Identifier: Apache-2.0
// A ledger opened, edited and saved by LibreOffice Calc, and taken in again. By hand, since LibreOffice is large:
//   apt-get install libreoffice-calc && node --test tests/clients/libreoffice.mjs
// BIHUAN_SOFFICE names another soffice.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import test, { after, before } from "node:test";
import { password, start_district } from "../web/support/district.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const program = process.env.BIHUAN_PROGRAM || join(here, "..", "..", "build", "dev", "bihuan");
const soffice = process.env.BIHUAN_SOFFICE || "soffice";
const workbook_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

let district;
let place;
let token;

async function ask(path, asked = {}) {
  const headers = { Authorization: `Bearer ${token}`, ...asked.headers };
  const answer = await fetch(district.page + path, { ...asked, headers });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer;
}

// What LibreOffice makes of a file, in another format.
function convert(name, format) {
  execFileSync(soffice, ["--headless", `-env:UserInstallation=file://${place}/profile`, "--convert-to", format,
    "--outdir", place, join(place, name)], { stdio: "pipe", timeout: 300_000 });
}

before(async () => {
  place = mkdtempSync(join(tmpdir(), "bihuan-libreoffice-"));
  district = await start_district(program);
  const answer = await fetch(`${district.page}/api/v1/session`, {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name: "inspection-office-supervisor", password }),
  });
  ({ token } = await answer.json());
});

after(async () => {
  await district?.stop();
  if (place) rmSync(place, { recursive: true });
});

test("LibreOffice opens a ledger, and of one that was edited and saved there only the edit comes back", async () => {
  const query = "?workflow=inspection-issue";
  writeFileSync(join(place, "ledger.xlsx"), Buffer.from(await (await ask(`/api/v1/ledger.xlsx${query}`)).arrayBuffer()));
  // As flat XML a sheet can be edited without LibreOffice's own scripting.
  convert("ledger.xlsx", "fods");
  const opened = readFileSync(join(place, "ledger.fods"), "utf8");
  const { items } = await (await ask(`/api/v1/cases${query}&limit=200`)).json();
  for (const { number } of items) assert.ok(opened.includes(`<text:p>${number}</text:p>`), number);
  assert.match(opened, /<table:database-range [^>]*table:display-filter-buttons="true"/);
  assert.match(opened, /<table:content-validation /);

  const one = items[0];
  const { fields } = await (await ask(`/api/v1/cases/${one.id}`)).json();
  const edited = opened.replaceAll(`<text:p>${fields.problem}</text:p>`, `<text:p>${fields.problem}（复核）</text:p>`);
  assert.notEqual(edited, opened);
  writeFileSync(join(place, "edited.fods"), edited);
  convert("edited.fods", "xlsx");
  const send = async (more) => (await ask(`/api/v1/imports${more}`, {
    method: "POST", headers: { "Content-Type": workbook_type }, body: readFileSync(join(place, "edited.xlsx")),
  })).json();
  const looked = await send("");
  assert.deepEqual([looked.changed, looked.opened, looked.refused], [1, 0, 0], JSON.stringify(looked));
  assert.ok((await send("?dry_run=false")).stored);
  assert.equal((await (await ask(`/api/v1/cases/${one.id}`)).json()).fields.problem, `${fields.problem}（复核）`);
});
