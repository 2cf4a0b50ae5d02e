// SPDX-License-Identifier: Apache-2.0
// Makes the page ready for having no network.
import { on_sign_out, person } from "../state/session";
import { start_outbox } from "./outbox";
import { refresh_reports } from "./store";

const kept_for = "bihuan.kept_for";

function wipe(): Promise<void> {
  localStorage.removeItem(kept_for);
  const worker = navigator.serviceWorker?.controller;
  if (!worker) return typeof caches === "undefined" ? Promise.resolve() : caches.delete("bihuan-own-work").then(() => undefined);
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => resolve();
    worker.postMessage("wipe", [channel.port2]);
    setTimeout(resolve, 1000);
  });
}

on_sign_out(wipe);

// Web views of other apps often have no service worker: then the page needs a network to open, and keeps drafts all the
// same.
async function register(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/service-worker.js");
  } catch {
    // As above.
  }
}

export async function start_offline(): Promise<void> {
  person.subscribe((known) => {
    void refresh_reports();
    if (!known) return;
    // Somebody else at the same device, without a sign-out in between.
    const before = localStorage.getItem(kept_for);
    if (before && before !== known.person) void wipe();
    localStorage.setItem(kept_for, known.person);
  });
  start_outbox();
  // After the first screen: on a poor line it comes first.
  if (document.readyState === "complete") await register();
  else window.addEventListener("load", () => void register());
}

// So that the browser does not clear drafts away when it needs room; asked when there is something to keep.
export async function ask_to_keep(): Promise<void> {
  try {
    await navigator.storage?.persist?.();
  } catch {
    // It may clear them away then; the page says how old they are.
  }
}
