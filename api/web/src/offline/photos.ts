// SPDX-License-Identifier: Apache-2.0
// Takes photos into a report: through the worker, or on the page itself where workers cannot draw.
import { new_key } from "../api/client";
import { zone_instant } from "./taken";
import type { Photo } from "./report";
import type { Prepared } from "./photo";

let worker: Worker | null | undefined;
let counter = 0;
const waiting = new Map<number, { resolve: (prepared: Prepared) => void; reject: (fault: Error) => void }>();

function find_worker(): Worker | null {
  if (worker !== undefined) return worker;
  worker = null;
  if (PHOTO_WORKER && typeof OffscreenCanvas !== "undefined") {
    try {
      worker = new Worker(PHOTO_WORKER, { type: "module" });
      worker.onmessage = ({ data }: MessageEvent<{ id: number; prepared?: Prepared; fault?: string }>) => {
        const asked = waiting.get(data.id);
        waiting.delete(data.id);
        if (data.prepared) asked?.resolve(data.prepared);
        else asked?.reject(new Error(data.fault));
      };
      worker.onerror = () => {
        worker = null;
        for (const asked of waiting.values()) asked.reject(new Error("photo worker"));
        waiting.clear();
      };
    } catch {
      worker = null;
    }
  }
  return worker;
}

async function prepare(file: Blob, keep_original: boolean): Promise<Prepared> {
  const found = find_worker();
  if (found) {
    const id = ++counter;
    try {
      return await new Promise<Prepared>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        found.postMessage({ id, file, keep_original });
      });
    } catch {
      // Then here.
    }
  }
  const { prepare_photo } = await import("./photo");
  return prepare_photo(file, keep_original);
}

export async function take_photo(report: string, file: File, keep_original: boolean): Promise<Photo> {
  const { bytes, sha256, origin } = await prepare(file, keep_original);
  const name = bytes.type === "image/jpeg" ? file.name.replace(/\.[^.]*$/, "") + ".jpg" : file.name;
  return {
    // In the order in which they were taken.
    id: `${report}/${Date.now().toString(36)}-${new_key().slice(0, 8)}`,
    report,
    name: name || "photo.jpg",
    bytes,
    sha256,
    confirmed: false,
    taken: zone_instant(origin.taken),
    place: origin.latitude === undefined ? undefined : { latitude: origin.latitude, longitude: origin.longitude, source: "photo" },
  };
}
