// SPDX-License-Identifier: Apache-2.0
// Sends what waits on this device: photo by photo, then the report, under the report's own key. A copy here goes only
// after the server has named every photo's hash in the case it made.
import { signal } from "@preact/signals";
import type { Attachment, Case } from "../api/contract";
import { call, new_key } from "../api/client";
import { as_problem, problem_text, RequestProblem } from "../api/problem";
import { person } from "../state/session";
import { forget } from "../state/resource";
import { t } from "../text";
import { body_of, photo_document } from "./report";
import type { Photo, Report } from "./report";
import { change_report, find_report, list_photos, put_photo, put_report, refresh_reports, reports, settle_report } from "./store";

export interface Sending {
  report: string;
  done: number;
  all: number;
}

// What is on its way now.
export const sending = signal<Sending | null>(null);

const first_pause = 10_000;
const longest_pause = 300_000;
let pause = first_pause;
let timer: number | undefined;
let running: Promise<void> | undefined;

// A line that carries a photo in two minutes is slow but alive; one that does not is given up and tried again.
function patience(bytes: number): AbortSignal {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 30_000 + bytes / 8);
  return abort.signal;
}

async function upload_photo(photo: Photo, quiet: boolean): Promise<void> {
  const { body } = await call<Attachment>("/api/v1/attachments", {
    method: "POST", bytes: photo.bytes, quiet, signal: patience(photo.bytes.size),
    headers: {
      "Content-Type": photo.bytes.type || "application/octet-stream",
      "X-File-Name": encodeURIComponent(photo.name.replace(/[/\\]/g, "_")),
    },
  });
  if (body.sha256 !== photo.sha256) throw new RequestProblem(0, "hash_differs", null);
  await put_photo({ ...photo, confirmed: true });
}

async function upload_missing(report: Report, quiet: boolean): Promise<void> {
  const photos = await list_photos(report.id);
  let done = photos.filter((photo) => photo.confirmed).length;
  sending.value = { report: report.id, done, all: photos.length };
  for (const photo of photos) {
    if (photo.confirmed) continue;
    await upload_photo(photo, quiet);
    sending.value = { report: report.id, done: ++done, all: photos.length };
  }
}

function holds_all(opened: Case, photos: readonly Photo[]): boolean {
  const held = new Set((opened.documents[photo_document] ?? []).map((document) => document.sha256));
  return photos.every((photo) => held.has(photo.sha256));
}

async function post_report(report: Report, quiet: boolean): Promise<void> {
  const photos = await list_photos(report.id);
  const body = report.body ?? body_of(report, photos, t("report.photos_only"));
  // Written down before it leaves: from here on it may be at the server, whatever the line says.
  if (!report.body) await change_report(report.id, { body });
  const answer = await call<Case>("/api/v1/cases", {
    method: "POST", body, quiet, idempotency_key: report.key, signal: patience(10_000),
  });
  const opened = answer.body;
  if (!holds_all(opened, photos)) throw new RequestProblem(0, "photo_missing", null);
  const now = new Date().toISOString();
  await settle_report({
    ...report, body: undefined, told: undefined, state: "sent", changed: now, sent: { id: opened.id, number: opened.number, at: now },
  });
  for (const list of ["worklist", "opened", "ledger", "workbench", "nearby"]) forget(list);
}

async function keep_with_reason(report: Report, problem: RequestProblem): Promise<void> {
  const passing = problem.is_passing || problem.status === 401;
  const text =
    problem.code === "hash_differs" || problem.code === "photo_missing" ? t("report.hash_differs")
    : problem.status === 401 ? t("report.sign_in_first")
    : problem.code === "aborted" ? t("problem.unreachable")
    : problem_text(problem);
  const told = { text, code: problem.code, passing };
  if (passing) {
    await change_report(report.id, { tries: report.tries + 1, told });
    return;
  }
  // Said no: the case was not made, so what is changed now goes out as a new wish.
  await change_report(report.id, { tries: report.tries + 1, told, state: "refused", body: undefined, key: new_key() });
}

async function forget_confirmations(report: string): Promise<void> {
  for (const photo of await list_photos(report)) await put_photo({ ...photo, confirmed: false });
}

async function send_report(report: Report, quiet: boolean): Promise<void> {
  try {
    await upload_missing(report, quiet);
    try {
      await post_report(report, quiet);
    } catch (fault) {
      // The server no longer knows a photo it once confirmed: once more, from the copy here.
      if (!as_problem(fault).errors.some((error) => error.code === "document_unknown")) throw fault;
      await forget_confirmations(report.id);
      await upload_missing(report, quiet);
      await post_report((await find_report(report.id)) ?? report, quiet);
    }
  } finally {
    sending.value = null;
  }
}

async function send_queued(quiet: boolean): Promise<void> {
  await refresh_reports();
  const waiting = [...reports.value].reverse().filter((one) => one.state === "queued");
  for (const { id } of waiting) {
    const report = await find_report(id);
    if (!report || report.state !== "queued") continue;
    try {
      await send_report(report, quiet);
    } catch (fault) {
      const problem = as_problem(fault);
      await keep_with_reason((await find_report(id)) ?? report, problem);
      // Without a line or a session the next one would fare no better.
      if (problem.status === 0 || problem.status === 401) break;
    }
  }
}

function try_later(): void {
  window.clearTimeout(timer);
  if (!reports.value.some((one) => one.state === "queued")) {
    pause = first_pause;
    return;
  }
  timer = window.setTimeout(() => void flush(), pause);
  pause = Math.min(longest_pause, pause * 2);
}

// One at a time, over all tabs of this browser where it has locks.
function alone(work: () => Promise<void>): Promise<void> {
  const locks = (navigator as { locks?: LockManager }).locks;
  return locks ? Promise.resolve(locks.request("bihuan-outbox", work)).then(() => undefined) : work();
}

// `asked`: by hand; then an expired session asks the person to sign in. By itself it only notes it down.
export function flush(asked = false): Promise<void> {
  if (!person.value || person.value.pending) return Promise.resolve();
  if (running) return asked ? running.then(() => flush(true)) : running;
  running = alone(() => send_queued(!asked))
    .catch(() => undefined)
    .finally(() => {
      running = undefined;
      try_later();
    });
  return running;
}

export async function queue_report(report: Report): Promise<void> {
  await put_report({ ...report, state: "queued", aside: true, told: undefined, changed: new Date().toISOString() });
  pause = first_pause;
}

export function start_outbox(): void {
  window.addEventListener("online", () => void flush());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void flush());
  person.subscribe((known) => {
    if (known) void flush();
  });
}
