// SPDX-License-Identifier: Apache-2.0
// Lets the page open with no network: its own files by version, and the last answers about the person's own work, which
// are wiped when they sign out.
declare const self: ServiceWorkerGlobalScope;

const shell_name = `bihuan-shell-${SHELL_VERSION}`;
const own_work = "bihuan-own-work";
const most_answers = 80;
const patience_for_page = 4000;

// Of the API only what somebody on the riverbank needs: names, definitions, what waits for them, what they opened,
// what is open near them, and cases that they take part in.
const kept_paths = [
  /^\/api\/v1\/(units|workflows|directory|worklist)$/,
  /^\/api\/v1\/workflows\/[^/]+$/,
];

function is_kept(address: URL): boolean {
  if (kept_paths.some((pattern) => pattern.test(address.pathname))) return true;
  if (address.pathname !== "/api/v1/cases") return false;
  return address.searchParams.get("opener") === "me" || address.searchParams.get("workflow") === "inspection-issue";
}

function is_case(address: URL): boolean {
  return /^\/api\/v1\/cases\/[^/]+(\/history)?$/.test(address.pathname);
}

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(shell_name);
      await cache.addAll(SHELL.map((path) => new Request(path, { cache: path === "/" ? "reload" : "default" })));
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      // The version before stays: a page that is still open may fetch a part of it.
      const shells = (await caches.keys()).filter((name) => name.startsWith("bihuan-shell-") && name !== shell_name);
      for (const name of shells.slice(0, -1)) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

// A message, so that it comes after every answer that is still being put away.
self.addEventListener("message", (event) => {
  if (event.data !== "wipe") return;
  event.waitUntil(caches.delete(own_work).then(() => event.ports[0]?.postMessage("wiped")));
});

async function page(request: Request): Promise<Response> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), patience_for_page);
  try {
    const answer = await fetch(request, { signal: abort.signal });
    if (answer.status < 500) return answer;
  } catch {
    // Then from here.
  } finally {
    clearTimeout(timer);
  }
  return (await caches.match("/", { cacheName: shell_name })) ?? Response.error();
}

async function asset(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

async function put_away(request: Request, answer: Response): Promise<void> {
  const cache = await caches.open(own_work);
  const headers = new Headers(answer.headers);
  headers.set("X-Kept", new Date().toISOString());
  await cache.put(request, new Response(await answer.blob(), { status: answer.status, headers }));
  const keys = await cache.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - most_answers))) await cache.delete(old);
}

// Somebody who may act on a case takes part in it; the cases of others are not left on a phone.
async function takes_part(answer: Response): Promise<boolean> {
  try {
    const read = (await answer.json()) as { allowed_actions?: unknown[]; items?: unknown[] };
    return read.items !== undefined || (read.allowed_actions?.length ?? 0) > 0;
  } catch {
    return false;
  }
}

async function kept_answer(event: FetchEvent, address: URL): Promise<Response> {
  try {
    const answer = await fetch(event.request);
    if (answer.ok) {
      const copy = answer.clone();
      const judged = answer.clone();
      event.waitUntil(
        (async () => {
          const history = address.pathname.endsWith("/history");
          if (history && !(await caches.match(address.pathname.replace(/\/history$/, ""), { cacheName: own_work }))) return;
          if (!is_case(address) || (await takes_part(judged))) await put_away(event.request, copy);
        })(),
      );
    }
    return answer;
  } catch (fault) {
    const kept = await caches.match(event.request, { cacheName: own_work });
    if (kept) return kept;
    throw fault;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && !/^\/(api|problems|feeds|open311)\//.test(address.pathname)) {
    return event.respondWith(page(request));
  }
  if (address.pathname.startsWith("/assets/")) return event.respondWith(asset(request));
  if (is_kept(address) || is_case(address)) event.respondWith(kept_answer(event, address));
});

export {};
