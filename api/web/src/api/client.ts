// SPDX-License-Identifier: Apache-2.0
// Calls of the API. The session is a cookie that the browser carries; the server takes changes only from pages of its
// own (Sec-Fetch-Site, Origin), so that nothing else has to be sent along.
import { signal } from "@preact/signals";
import type { Problem } from "./contract";
import { RequestProblem } from "./problem";
import { language } from "../text";

export interface Asked {
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  query?: Record<string, string | number | boolean | undefined> | URLSearchParams;
  body?: unknown;
  // Sent as it is, with its own type; for uploads.
  bytes?: Blob;
  headers?: Record<string, string>;
  if_match?: number;
  // Names the wish: the same key is done once, however often it is sent.
  idempotency_key?: string;
  signal?: AbortSignal;
  // 401 is told to the caller instead of asking the person to sign in.
  quiet?: boolean;
}

export interface Answer<Body> {
  status: number;
  body: Body;
  headers: Headers;
}

// Who waits for somebody to sign in again; the dialog over the page calls them.
export const sign_in_wanted = signal(false);
let waiting: Array<(signed_in: boolean) => void> = [];

function wait_for_sign_in(): Promise<boolean> {
  sign_in_wanted.value = true;
  return new Promise((resolve) => waiting.push(resolve));
}

export function sign_in_settled(signed_in: boolean): void {
  sign_in_wanted.value = false;
  const resolvers = waiting;
  waiting = [];
  for (const resolve of resolvers) resolve(signed_in);
}

// True once the server has not answered; the shell says so until it does again.
export const unreachable = signal(false);

export function new_key(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Without a secure context there is no randomUUID, but there are random bytes.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function with_query(path: string, query: Asked["query"]): string {
  if (!query) return path;
  const parameters = query instanceof URLSearchParams ? query : new URLSearchParams();
  if (!(query instanceof URLSearchParams)) {
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== "") parameters.set(name, String(value));
    }
  }
  const text = parameters.toString();
  return text ? `${path}?${text}` : path;
}

async function problem_of(response: Response): Promise<RequestProblem> {
  let problem: Partial<Problem> | null = null;
  try {
    problem = (await response.json()) as Partial<Problem>;
  } catch {
    // Something between us and the server answered; its status says enough.
  }
  const retry_after = Number(response.headers.get("Retry-After") ?? 0) || 0;
  return new RequestProblem(response.status, problem?.code ?? `status_${response.status}`, problem, retry_after);
}

async function send(path: string, asked: Asked): Promise<Response> {
  const headers: Record<string, string> = {
    Accept: "application/json, application/problem+json",
    "Accept-Language": language.value === "zh" ? "zh-CN" : "en",
    ...asked.headers,
  };
  if (asked.body !== undefined) headers["Content-Type"] = "application/json";
  if (asked.if_match !== undefined) headers["If-Match"] = `"${asked.if_match}"`;
  if (asked.idempotency_key) headers["Idempotency-Key"] = asked.idempotency_key;
  try {
    const response = await fetch(with_query(path, asked.query), {
      method: asked.method ?? "GET",
      headers,
      body: asked.bytes ?? (asked.body === undefined ? undefined : JSON.stringify(asked.body)),
      credentials: "same-origin",
      signal: asked.signal,
    });
    // An answer that the service worker kept says that the server was not reached.
    unreachable.value = response.headers.has("X-Kept");
    return response;
  } catch (fault) {
    if (asked.signal?.aborted) throw new RequestProblem(0, "aborted", null);
    void fault;
    unreachable.value = true;
    throw new RequestProblem(0, "unreachable", null);
  }
}

async function good_answer(path: string, asked: Asked): Promise<Response> {
  let response = await send(path, asked);
  while (response.status === 401 && !asked.quiet) {
    if (!(await wait_for_sign_in())) throw await problem_of(response);
    response = await send(path, asked);
  }
  if (!response.ok) throw await problem_of(response);
  return response;
}

// An answer that is a file, with the name that the server gives it.
export async function call_for_file(path: string, asked: Asked = {}): Promise<{ blob: Blob; name: string }> {
  const response = await good_answer(path, asked);
  const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  return { blob: await response.blob(), name: name ?? "" };
}

// Throws a RequestProblem. An expired session asks the person to sign in over the page, then goes on.
export async function call<Body>(path: string, asked: Asked = {}): Promise<Answer<Body>> {
  const response = await good_answer(path, asked);
  const is_json = /json/.test(response.headers.get("Content-Type") ?? "");
  const body = (response.status === 204 ? null : is_json ? await response.json() : await response.text()) as Body;
  return { status: response.status, body, headers: response.headers };
}

export async function get<Body>(path: string, query?: Asked["query"], signal?: AbortSignal): Promise<Body> {
  return (await call<Body>(path, { query, signal })).body;
}

export async function post<Body>(path: string, body: unknown, asked: Asked = {}): Promise<Body> {
  return (await call<Body>(path, { ...asked, method: "POST", body })).body;
}
