// SPDX-License-Identifier: Apache-2.0
// People of the district who act over the API, to bring a case to where a test begins.
import { createHash } from "node:crypto";
import { password } from "./district.mjs";
import { page_address } from "./browser.mjs";

export class Colleague {
  constructor(name) {
    this.name = name;
  }

  async ask(method, path, body, headers = {}) {
    // Once, however many calls begin together.
    this.signing_in ??= this.send("POST", "/api/v1/session", { name: this.name, password })
      .then(({ body: session }) => { this.token = session.token; });
    await this.signing_in;
    return this.send(method, path, body, { Authorization: `Bearer ${this.token}`, ...headers });
  }

  async send(method, path, body, headers = {}) {
    const raw = body instanceof Uint8Array;
    const answer = await fetch(page_address + path, {
      method,
      headers: body === undefined || raw ? headers : { "Content-Type": "application/json", ...headers },
      body: body === undefined ? undefined : raw ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${this.name}: ${method} ${path}: ${answer.status} ${text}`);
    return { status: answer.status, body: text ? JSON.parse(text) : null };
  }

  get = async (path) => (await this.ask("GET", path)).body;

  async upload(name, content = `${name} ${this.name}`, type = "application/pdf") {
    const bytes = new TextEncoder().encode(content);
    const headers = { "Content-Type": type, "X-File-Name": encodeURIComponent(name) };
    return (await this.ask("POST", "/api/v1/attachments", bytes, headers)).body.sha256;
  }

  async papers(kinds) {
    const given = {};
    for (const kind of kinds) given[kind] = [await this.upload(`${kind}.pdf`)];
    return given;
  }

  async open(workflow, fields, papers = []) {
    return (await this.ask("POST", "/api/v1/cases", { workflow, fields, documents: await this.papers(papers) })).body;
  }

  async act(id, action, input = {}, papers = [], comment = "") {
    const { revision } = await this.get(`/api/v1/cases/${id}`);
    const body = { input, documents: await this.papers(papers), comment };
    return (await this.ask("POST", `/api/v1/cases/${id}/actions/${action}`, body, { "If-Match": `"${revision}"` })).body;
  }
}

export const people = {
  inspector: new Colleague("lijiatuo-inspector"),
  town_head: new Colleague("lijiatuo-dept-head"),
  supervisor: new Colleague("inspection-office-supervisor"),
  water_handler: new Colleague("water-handler"),
  water_head: new Colleague("water-dept-head"),
  bureau_handler: new Colleague("seeb-handler"),
  bureau_head: new Colleague("seeb-dept-head"),
  police: new Colleague("police-liaison"),
  stranger: new Colleague("shilong-handler"),
};

function day_from_now(days) {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

// An issue reported by a township, on the supervisor's desk.
export async function reported_issue(problem) {
  const opened = await people.inspector.open("inspection-issue", {
    problem, source: "routine-check", category: "water", level: "general",
    place: { name: "花溪河李家沱段", longitude: 106.5436, latitude: 29.4781 },
  });
  return people.town_head.act(opened.id, "report", {}, ["issue-form"]);
}

// Assigned to the water bureau, to be fixed at once.
export async function rectifying_issue(problem) {
  const { id } = await reported_issue(problem);
  return people.supervisor.act(id, "dispatch-fix-now", { lead: "water", rectify_by: day_from_now(30), level: "general" },
    ["assignment-notice"]);
}

// Done, as its lead says; waits for acceptance.
export async function claimed_issue(problem) {
  const { id } = await rectifying_issue(problem);
  await people.water_handler.act(id, "progress", { progress_percent: 100, progress_note: "已完成" });
  return people.water_head.act(id, "claim-done", { tasks_done: true, penalties: "decided" },
    ["completion-report", "evidence", "strike-off-application"]);
}

// Accepted; of the kind that goes without a public notice, which would run for days. Ready to be struck off.
export async function verified_issue(problem) {
  const { id } = await claimed_issue(problem);
  const yes = ["tasks", "penalties", "effect", "same_kind", "source"].map((name) => [`criterion_${name}`, true]);
  await people.supervisor.act(id, "verify", Object.fromEntries(yes), ["site-check-record", "acceptance-opinion"]);
  return people.supervisor.act(id, "waive-notice",
    { notice_exemption: "never-published", notice_exemption_reason: "日常检查发现，未列入对外公开的清单" }, ["exemption-review"]);
}

// A criminal referral that has reached the police.
export async function transferred_referral(title) {
  const opened = await people.bureau_handler.open("criminal-referral", {
    case_title: title, offence: "pollution", facts: "现场检查发现含铬电镀废水经暗管排入外环境。", case_officers: ["张一鸣", "刘思远"],
    suspects: ["赵某"], goods_seized: false,
  });
  await people.bureau_handler.act(opened.id, "submit-report", {}, ["referral-report"]);
  await people.bureau_head.act(opened.id, "approve", {}, ["approval-form"]);
  const now = new Date(Date.now() - 60_000).toISOString().replace(/\.\d+Z$/, "Z");
  return people.bureau_handler.act(opened.id, "transfer",
    { handed_over_at: now, procuratorate_copied_on: new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10) },
    ["transfer-letter", "investigation-report", "inspection-records", "media-evidence", "test-report"]);
}

// An item of the list of responsibilities, still being worked out.
export async function drafted_item(item) {
  const { id } = await people.water_handler.open("responsibility-item",
    { item, duty_basis: "three-fixes", no_support_needed: true }, ["item-draft"]);
  return { id, item };
}

export async function published_item(item) {
  const { id } = await drafted_item(item);
  await people.water_handler.act(id, "coordinate", { overlap_check: "与相关部门无交叉", lead: "water" }, ["item-draft"]);
  await people.water_head.act(id, "agree", {}, ["approval"]);
  await people.water_handler.act(id, "publish", { url: "https://water.example.gov.cn/list", published_on: day_from_now(0) });
  return { id, item };
}

export const paper = (name, content = name) => ({ name, mimeType: "application/pdf", buffer: Buffer.from(content) });
export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
