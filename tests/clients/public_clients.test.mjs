// SPDX-License-Identifier: Apache-2.0
// What Bihuan gives to other systems, read by the libraries that these use: spreadsheets, calendars, hooks, monitoring,
// hotlines, process mining.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRequire } from "node:module";
import test, { after, before } from "node:test";
import { HTTP } from "cloudevents";
import { parse } from "csv-parse/sync";
import Excel from "exceljs";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import ICAL from "ical.js";
import parse_metrics from "parse-prometheus-text-format";
import { Webhook } from "standardwebhooks";
import { password, start_district } from "../web/support/district.mjs";
import { faults_of } from "./object_log.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const program = process.env.BIHUAN_PROGRAM || join(here, "..", "..", "build", "dev", "bihuan");
const workbook_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

let district;
let receiver;
let metrics_port;
let received;
let supervisor;

async function sign_in(name) {
  const answer = await fetch(`${district.page}/api/v1/session`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name, password }),
  });
  const { token } = await answer.json();
  const ask = async (path, { status = 200, ...asked } = {}) => {
    const headers = { Authorization: `Bearer ${token}`, ...asked.headers };
    const response = await fetch(district.page + path, { ...asked, headers });
    if (response.status !== status) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  return {
    ask,
    json: async (path) => (await ask(path)).json(),
    text: async (path) => (await ask(path)).text(),
    post: async (path, body) => (await ask(path, {
      method: "POST", status: 201, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    })).json(),
  };
}

async function all_cases(query) {
  const cases = [];
  for (let cursor = ""; ; ) {
    const page = await supervisor.json(`/api/v1/cases?limit=200&${query}${cursor && `&cursor=${cursor}`}`);
    cases.push(...page.items);
    if (!page.next_cursor) return cases;
    cursor = encodeURIComponent(page.next_cursor);
  }
}

async function free_port() {
  const listener = createServer();
  await new Promise((ready) => listener.listen(0, "127.0.0.1", ready));
  const { port } = listener.address();
  await new Promise((closed) => listener.close(closed));
  return port;
}

before(async () => {
  receiver = createServer(async (request, response) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    received({ headers: request.headers, body: Buffer.concat(pieces).toString() });
    response.writeHead(204).end();
  });
  await new Promise((ready) => receiver.listen(0, "127.0.0.1", ready));
  metrics_port = await free_port();
  process.env.BIHUAN_METRICS__PORT = metrics_port;
  process.env.BIHUAN_WEBHOOKS__TARGETS = "127.0.0.1";
  district = await start_district(program);
  supervisor = await sign_in("inspection-office-supervisor");
});

after(async () => {
  receiver?.close();
  await district?.stop();
});

test("a table in CSV is read by a strict reader, a row for each case", async () => {
  const rows = parse(await supervisor.text("/api/v1/ledger.csv?workflow=inspection-issue"), { bom: true, columns: true });
  const cases = await all_cases("workflow=inspection-issue");
  assert.ok(cases.length > 10);
  assert.deepEqual(rows.map((row) => row["编号"]), cases.map(({ number }) => number));
});

test("a workbook is opened, edited and saved by another program, and what was edited alone comes back", async () => {
  const path = "/api/v1/ledger.xlsx?workflow=inspection-issue";
  const book = new Excel.Workbook();
  await book.xlsx.load(await (await supervisor.ask(path)).arrayBuffer());
  const sheet = book.worksheets[0];
  assert.equal(sheet.views[0].state, "frozen");
  assert.ok(sheet.autoFilter);
  const titles = sheet.getRow(1).values;
  const cell = sheet.getRow(2).getCell(titles.indexOf("问题描述"));
  const before = cell.text;
  cell.value = `${before}（复核）`;
  const number = sheet.getRow(2).getCell(titles.indexOf("编号")).text;
  const edited = Buffer.from(await book.xlsx.writeBuffer());
  const admin = await sign_in("inspection-office-supervisor");
  const send = async (query) => (await admin.ask(`/api/v1/imports${query}`, {
    method: "POST", headers: { "Content-Type": workbook_type }, body: edited,
  })).json();
  const looked = await send("");
  assert.deepEqual([looked.changed, looked.opened, looked.refused], [1, 0, 0], JSON.stringify(looked));
  const stored = await send("?dry_run=false");
  assert.ok(stored.stored);
  const changed = (await all_cases("workflow=inspection-issue")).find((one) => one.number === number);
  assert.equal((await supervisor.json(`/api/v1/cases/${changed.id}`)).fields.problem, `${before}（复核）`);
  assert.equal((await send("?dry_run=false")).repeated, 1);
});

test("a calendar program reads every deadline, with its alarm", async () => {
  const feed = await supervisor.post("/api/v1/feeds", { name: "office", filter: { workflow: "inspection-issue" } });
  const answer = await fetch(district.page + feed.address);
  assert.match(answer.headers.get("content-type"), /^text\/calendar/);
  const text = await answer.text();
  for (const line of text.split("\r\n")) assert.ok(Buffer.byteLength(line) <= 75, line);
  ICAL.design.strict = true;
  const calendar = new ICAL.Component(ICAL.parse(text));
  const events = calendar.getAllSubcomponents("vevent").map((event) => new ICAL.Event(event));
  assert.ok(events.length > 5);
  assert.equal(new Set(events.map(({ uid }) => uid)).size, events.length);
  for (const event of events) {
    assert.ok(event.summary && event.startDate.toJSDate() > 0);
    assert.ok(event.component.getAllSubcomponents("valarm").length <= 1);
  }
  const shown = (await all_cases("workflow=inspection-issue")).flatMap(({ deadlines }) => deadlines ?? []);
  if (shown.length) assert.ok(events.length <= shown.length);
});

test("a receiver checks the signature and takes each message for a CloudEvent, in order", async () => {
  const hook = await supervisor.post("/api/v1/webhooks", { url: `http://127.0.0.1:${receiver.address().port}/hook` });
  const messages = [];
  const enough = new Promise((done) => { received = (message) => { if (messages.push(message) === 2) done(); }; });
  const inspector = await sign_in("yudong-inspector");
  const opened = await inspector.post("/api/v1/cases", {
    workflow: "inspection-issue",
    fields: { problem: "雨水口冒黑水", source: "routine-check", category: "water", level: "general" },
  });
  await inspector.ask(`/api/v1/cases/${opened.id}/actions/comment`, {
    method: "POST", headers: { "Content-Type": "application/json", "If-Match": '"1"' },
    body: JSON.stringify({ comment: "已拍照" }),
  });
  await enough;
  const checker = new Webhook(hook.secret);
  for (const { headers, body } of messages) {
    checker.verify(body, headers);
    assert.throws(() => checker.verify(body.replace(opened.id, "another"), headers));
  }
  const events = messages.map(({ headers, body }) => HTTP.toEvent({ headers, body }));
  for (const event of events) assert.ok(event.validate());
  assert.deepEqual(events.map(({ type }) => type), ["cn.bihuan.case.opened.v1", "cn.bihuan.case.commented.v1"]);
  assert.deepEqual(events.map(({ data }) => data.case ?? data.id), [opened.id, opened.id]);
});

test("monitoring reads every metric with its type", async () => {
  const text = await (await fetch(`http://127.0.0.1:${metrics_port}/metrics`)).text();
  const families = parse_metrics(text);
  assert.ok(families.length > 8);
  for (const { name, type, help, metrics } of families) {
    assert.ok(help && /^(COUNTER|GAUGE|HISTOGRAM|SUMMARY)$/.test(type), name);
    assert.ok(metrics.length > 0, name);
    if (type === "COUNTER") assert.match(name, /_total$/);
  }
});

test("a hotline reads the same in XML as in JSON", async () => {
  const expires = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString().replace(/\.\d+Z/, "Z");
  const clerk = await sign_in("intake-clerk");
  const { token } = await clerk.post("/api/v1/tokens", { name: "hotline", scope: "act", expires });
  const made = await fetch(`${district.page}/open311/v2/requests.json`, {
    method: "POST",
    body: new URLSearchParams({
      api_key: token, service_code: "air", description: "汽修厂夜间喷漆 <刺鼻> & 噪声", address_string: "界石镇",
      lat: "29.4", long: "106.5", first_name: "芳", last_name: "王", phone: "13800000000",
      "attribute[class]": "report", "attribute[external_no]": "12345-81",
    }),
  });
  assert.equal(made.status, 201, await made.text());
  const reader = new XMLParser({ parseTagValue: false, isArray: (name) => ["service", "request"].includes(name) });
  for (const [what, element] of [["services", "service"], ["requests", "request"]]) {
    const address = `${district.page}/open311/v2/${what}`;
    const json = await (await fetch(`${address}.json?api_key=${token}`)).json();
    const xml = await (await fetch(`${address}.xml?api_key=${token}`)).text();
    assert.equal(XMLValidator.validate(xml), true);
    const list = reader.parse(xml)[what === "requests" ? "service_requests" : what][element];
    assert.ok(json.length > 0 && list.length === json.length, what);
    for (const [place, one] of json.entries()) {
      for (const [name, value] of Object.entries(one)) {
        if (typeof value === "string" && value) assert.equal(list[place][name], value, `${what}: ${name}`);
      }
    }
  }
});

test("a process miner reads the event log and finds the way that cases go", async () => {
  createRequire(import.meta.url)("pm4js");
  const log = globalThis.XesImporter.apply(await supervisor.text("/api/v1/event-log.xes?workflow=inspection-issue"));
  const cases = await all_cases("workflow=inspection-issue");
  assert.equal(log.traces.length, cases.length);
  const names = new Set(log.traces.map((trace) => trace.attributes["concept:name"].value));
  assert.ok(cases.every(({ number }) => names.has(number)));
  for (const trace of log.traces) {
    const times = trace.events.map((event) => event.attributes["time:timestamp"].value.getTime());
    assert.ok(times.length > 0 && times.every((time, place) => Number.isFinite(time) && (place === 0 || times[place - 1] <= time)));
  }
  const graph = globalThis.FrequencyDfgDiscovery.apply(log);
  assert.ok(Object.keys(graph.pathsFrequency).length > 5);
  const tree = globalThis.InductiveMiner.apply(log);
  assert.ok(tree);
});

test("an object log is what OCEL 2.0 asks, whoever reads it, and holds no case that its reader may not see", async () => {
  for (const name of ["inspection-office-supervisor", "water-handler", "court-liaison", "yudong-inspector", "audit-auditor"]) {
    const reader = await sign_in(name);
    const seen = new Set();
    for (let cursor = ""; cursor !== undefined; ) {
      const page = await reader.json(`/api/v1/cases?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      for (const { id } of page.items) seen.add(id);
      cursor = page.next_cursor || undefined;
    }
    for (const query of ["", "?lang=en", "?workflow=criminal-referral"]) {
      const log = await reader.json(`/api/v1/event-log.ocel.json${query}`);
      assert.deepEqual(faults_of(log), [], `${name}${query}`);
      const cases = log.objects.filter(({ id }) => !/^(unit|person):/.test(id));
      assert.deepEqual(cases.filter(({ id }) => !seen.has(id)), [], `${name}${query}`);
      if (query === "") assert.equal(cases.length, seen.size, name);
    }
  }
});

test("a faulty object log is told apart", () => {
  const whole = () => ({
    eventTypes: [{ name: "file", attributes: [{ name: "role", type: "string" }] }],
    objectTypes: [{ name: "case", attributes: [{ name: "size", type: "integer" }, { name: "due", type: "time" }] }],
    events: [{
      id: "e1", type: "file", time: "2026-03-02T01:00:00Z", attributes: [{ name: "role", value: "clerk" }],
      relationships: [{ objectId: "c1", qualifier: "case" }],
    }],
    objects: [{
      id: "c1", type: "case", relationships: [{ objectId: "c1", qualifier: "itself" }],
      attributes: [{ name: "size", time: "2026-03-02T01:00:00Z", value: "3" }],
    }],
  });
  assert.deepEqual(faults_of(whole()), []);
  const [at, role] = ["2026-03-02T01:00:00Z", { name: "role", value: "clerk" }];
  for (const [where, spoil] of [
    ["/objectTypes", (log) => { delete log.objectTypes; }],
    ["/ocel:events", (log) => { log["ocel:events"] = {}; }],
    ["/eventTypes/0/attributes", (log) => { delete log.eventTypes[0].attributes; }],
    ["/objectTypes/0/attributes/0/type", (log) => { log.objectTypes[0].attributes[0].type = "number"; }],
    ["/objectTypes/1", (log) => { log.objectTypes.push(log.objectTypes[0]); }],
    ["/events/0/time", (log) => { log.events[0].time = "2026-03-02 01:00:00"; }],
    ["/events/0/type", (log) => { log.events[0].type = "shred"; }],
    ["/events/0/id", (log) => { log.events[0].id = "c1"; }],
    ["/events/0/attributes/1", (log) => { log.events[0].attributes.push(role); }],
    ["/events/0/relationships/0/objectId", (log) => { log.events[0].relationships[0].objectId = "c2"; }],
    ["/events/0/relationships/0/qualifier", (log) => { delete log.events[0].relationships[0].qualifier; }],
    ["/objects/0/attributes/0/value", (log) => { log.objects[0].attributes[0].value = 3; }],
    ["/objects/0/attributes/0/value", (log) => { log.objects[0].attributes[0].value = "three"; }],
    ["/objects/0/attributes/0/time", (log) => { delete log.objects[0].attributes[0].time; }],
    ["/objects/0/attributes/1/value", (log) => { log.objects[0].attributes.push({ name: "due", time: at, value: "2026-03-02" }); }],
    ["/objects/0/attributes/1", (log) => { log.objects[0].attributes.push({ name: "size", time: "2026-03-02T09:00:00+08:00", value: "4" }); }],
    ["/objects/0/attributes/1/name", (log) => { log.objects[0].attributes.push({ name: "colour", time: at, value: "red" }); }],
  ]) {
    const log = whole();
    spoil(log);
    assert.ok(faults_of(log).some((line) => line.startsWith(`${where}: `)), `${where}: ${faults_of(log)}`);
  }
});
