// SPDX-License-Identifier: Apache-2.0
// The main job by a client that was generated from the contract: what compiles here is what the contract promises.
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/contract.js";

type Case = components["schemas"]["Case"];
type Fields = NonNullable<components["schemas"]["Act"]["input"]>;
type Client = ReturnType<typeof createClient<paths>>;
type Fetch = (request: Request) => Promise<Response>;

function given<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data === undefined) throw new Error(`${answer.response.url}: ${answer.response.status} ${JSON.stringify(answer.error)}`);
  return answer.data;
}

export class Colleague {
  private constructor(private readonly client: Client, readonly me: components["schemas"]["Person"]) {}

  static async sign_in(address: string, fetch: Fetch, name: string, password: string): Promise<Colleague> {
    const anyone = createClient<paths>({ baseUrl: address, fetch });
    const session = given(await anyone.POST("/api/v1/session", { body: { name, password } }));
    const client = createClient<paths>({ baseUrl: address, fetch, headers: { Authorization: `Bearer ${session.token}` } });
    return new Colleague(client, given(await client.GET("/api/v1/me")));
  }

  async upload(kind: string): Promise<string> {
    const answer = await this.client.POST("/api/v1/attachments", {
      params: { header: { "X-File-Name": `${kind}.pdf` } },
      headers: { "Content-Type": "application/pdf" },
      body: `${kind} of ${this.me.name}`,
      bodySerializer: (content) => content,
    });
    return given(answer).sha256;
  }

  async download(sha256: string): Promise<string> {
    return given(await this.client.GET("/api/v1/attachments/{sha256}", { params: { path: { sha256 } }, parseAs: "text" }));
  }

  private async papers(kinds: readonly string[]): Promise<components["schemas"]["Documents"]> {
    const documents: components["schemas"]["Documents"] = {};
    for (const kind of kinds) documents[kind] = [await this.upload(kind)];
    return documents;
  }

  async open(workflow: string, fields: NonNullable<components["schemas"]["OpenCase"]["fields"]>): Promise<Case> {
    return given(await this.client.POST("/api/v1/cases", {
      params: { header: { "Idempotency-Key": crypto.randomUUID() } },
      body: { workflow, fields },
    }));
  }

  async read(id: string): Promise<Case> {
    return given(await this.client.GET("/api/v1/cases/{id}", { params: { path: { id } } }));
  }

  async act(id: string, action: string, input: Fields, papers: readonly string[]): Promise<Case> {
    const { revision, allowed_actions } = await this.read(id);
    if (!allowed_actions.some(({ name }) => name === action)) throw new Error(`${action} is not offered to ${this.me.name}`);
    const body = { input, documents: await this.papers(papers) };
    return given(await this.client.POST("/api/v1/cases/{id}/actions/{action}", {
      params: { path: { id, action }, header: { "If-Match": `"${revision}"` } }, body,
    }));
  }

  // The codes of a refusal.
  async refused(id: string, action: string, revision: number): Promise<{ status: number; codes: string[] }> {
    const { error, response } = await this.client.POST("/api/v1/cases/{id}/actions/{action}", {
      params: { path: { id, action }, header: { "If-Match": `"${revision}"` } }, body: { input: {} },
    });
    return { status: response.status, codes: error?.errors?.map(({ code }) => code) ?? [] };
  }

  async history(id: string): Promise<components["schemas"]["Event"][]> {
    return given(await this.client.GET("/api/v1/cases/{id}/history", { params: { path: { id } } })).items;
  }

  async worklist(): Promise<components["schemas"]["CaseLine"][]> {
    return given(await this.client.GET("/api/v1/worklist", { params: { query: { limit: 200 } } })).items;
  }

  // Soonest due first, over as many pages as there are.
  async overdue(limit: number): Promise<components["schemas"]["CaseLine"][]> {
    const lines: components["schemas"]["CaseLine"][] = [];
    let cursor: string | null = null;
    do {
      const page: components["schemas"]["CasePage"] = given(await this.client.GET("/api/v1/cases", {
        params: { query: { light: "red", limit, ...(cursor === null ? {} : { cursor }) } },
      }));
      lines.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return lines;
  }

  // What the contract does not have does not compile.
  async nonsense(): Promise<void> {
    // @ts-expect-error no such path
    await this.client.GET("/api/v1/no-such-thing");
    // @ts-expect-error a light that does not exist
    await this.client.GET("/api/v1/cases", { params: { query: { light: "purple" } } });
    // @ts-expect-error signing in needs a password
    await this.client.POST("/api/v1/session", { body: { name: "somebody" } });
  }
}

function day(ahead: number): string {
  return new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
}

// 发现 → 报送 → 整改 → 销号; gives the case as it is at the end, and the states that it went through.
export async function issue_story(address: string, fetch: Fetch, password: string): Promise<{ done: Case; states: string[] }> {
  const sign_in = (name: string) => Colleague.sign_in(address, fetch, name, password);
  const inspector = await sign_in("lijiatuo-inspector");
  const town_head = await sign_in("lijiatuo-dept-head");
  const supervisor = await sign_in("inspection-office-supervisor");
  const handler = await sign_in("water-handler");
  const head = await sign_in("water-dept-head");

  const { id, state } = await inspector.open("inspection-issue", { problem: "雨水口冒黑水，有臭味" });
  const states = [state];
  let done: Case | undefined;
  const step = async (who: Colleague, action: string, input: Fields, ...papers: string[]) => {
    done = await who.act(id, action, input, papers);
    states.push(done.state);
  };
  await step(town_head, "report",
    { source: "routine-check", category: "water", level: "general", place: { name: "花溪河李家沱段" } }, "issue-form");
  await step(supervisor, "dispatch", { lead: "water", rectify_by: day(60), level: "general" }, "assignment-notice");
  await step(handler, "plan", { plan_goal: "不再有污水排出", plan_tasks: ["改造雨污混接点"], plan_finish: day(50) },
    "rectification-plan");
  await step(supervisor, "approve-plan", {}, "plan-approval");
  await step(head, "claim-done", { tasks_done: true, penalties: "decided" },
    "completion-report", "evidence", "strike-off-application");
  await step(supervisor, "verify", {
    criterion_tasks: true, criterion_penalties: true, criterion_effect: true, criterion_same_kind: true, criterion_source: true,
  }, "site-check-record", "acceptance-opinion");
  await step(supervisor, "waive-notice",
    { notice_exemption: "never-published", notice_exemption_reason: "日常检查发现，未列入对外公开的清单" }, "exemption-review");
  await step(supervisor, "strike-off", {}, "strike-off-filing", "archive-index");
  if (!done) throw new Error("nothing was done");
  return { done, states };
}
