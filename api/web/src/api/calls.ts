// SPDX-License-Identifier: Apache-2.0
// The calls that screens make, by name.
import { call, get, post } from "./client";
import type { Asked } from "./client";
import type {
  Act,
  Attachment,
  Case,
  CaseLine,
  Event,
  Explanation,
  IssuePaper,
  OpenCase,
  Paper,
  Person,
  Session,
  SignInWays,
  Summary,
  Unit,
  WorkflowLine,
} from "./contract";
import { offered } from "./offered";
import type { Definition } from "./definition";

export interface Paged<Item> {
  items: Item[];
  next_cursor: string | null;
  // Of all pages, where it was asked for.
  total?: number;
}
export type CasePage = Paged<CaseLine>;
export type { CaseLine } from "./contract";

// Does this server's contract have the operation, and the parameter?
export function offers(operation: string, parameter?: string): boolean {
  const parameters = offered[operation];
  return parameters !== undefined && (parameter === undefined || parameters.includes(parameter));
}

export const sign_in = (name: string, password: string, code?: string) =>
  post<Session>("/api/v1/session", code ? { name, password, code } : { name, password }, { quiet: true });
export const get_sign_in_ways = () =>
  call<SignInWays>("/api/v1/session/ways", { quiet: true }).then((answer) => answer.body);
export const sign_out = () => call<null>("/api/v1/session", { method: "DELETE", quiet: true });
export const get_me = (quiet = false) => call<Person>("/api/v1/me", { quiet }).then((answer) => answer.body);

export const list_cases = (query: Asked["query"], signal?: AbortSignal) =>
  get<CasePage>("/api/v1/cases", query, signal);
export const list_worklist = (query: Asked["query"], signal?: AbortSignal) =>
  get<CasePage>("/api/v1/worklist", query, signal);
export const get_case = (id: string, signal?: AbortSignal) =>
  get<Case>(`/api/v1/cases/${encodeURIComponent(id)}`, undefined, signal);
export const get_history = (id: string) =>
  get<{ items: Event[] }>(`/api/v1/cases/${encodeURIComponent(id)}/history`).then((page) => page.items);
export const explain_deadline = (id: string, name: string) =>
  get<Explanation>(`/api/v1/cases/${encodeURIComponent(id)}/deadlines/${encodeURIComponent(name)}/explanation`);

export const open_case = (body: OpenCase, key: string) => post<Case>("/api/v1/cases", body, { idempotency_key: key });

// Answers whether the action was done, or asked for and waits for a second person.
export async function act_on_case(id: string, action: string, body: Act, revision: number, key: string) {
  const path = `/api/v1/cases/${encodeURIComponent(id)}/actions/${encodeURIComponent(action)}`;
  const answer = await call<Case>(path, { method: "POST", body, if_match: revision, idempotency_key: key });
  return { case: answer.body, waits: answer.status === 202 };
}

export const list_papers = (id: string, signal?: AbortSignal): Promise<Paper[]> =>
  get<{ items: Paper[] }>(`/api/v1/cases/${encodeURIComponent(id)}/papers`, undefined, signal).then((page) => page.items);
export const paper_address = (id: string, kind: string) =>
  `/api/v1/cases/${encodeURIComponent(id)}/papers/${encodeURIComponent(kind)}`;
export const issue_paper = (id: string, kind: string, body: IssuePaper, revision: number, key: string) =>
  post<Case>(paper_address(id, kind), body, { if_match: revision, idempotency_key: key });

export async function upload(bytes: Blob, name: string): Promise<Attachment> {
  const answer = await call<Attachment>("/api/v1/attachments", {
    method: "POST",
    bytes,
    headers: {
      "Content-Type": bytes.type || "application/octet-stream",
      "X-File-Name": encodeURIComponent(name.replace(/[/\\]/g, "_")),
    },
  });
  return answer.body;
}

export const attachment_address = (sha256: string) => `/api/v1/attachments/${sha256}`;

export const list_units = () => get<{ items: Unit[] }>("/api/v1/units").then((page) => page.items);
export const list_workflows = () => get<{ items: WorkflowLine[] }>("/api/v1/workflows").then((page) => page.items);
export const get_definition = (id: string, version?: string) =>
  get<Definition>(`/api/v1/workflows/${encodeURIComponent(id)}`, { version });
export const get_summary = (query: { by?: string; workflow?: string }) =>
  get<Summary>("/api/v1/reports/summary", query);
