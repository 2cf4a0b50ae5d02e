// SPDX-License-Identifier: Apache-2.0
// Makes a photo fit to be sent over a poor line: at most 1600 px, JPEG. Runs in a worker where that is possible, so that
// the form stays quick while a camera's ten megabytes are taken in.
import { read_origin } from "./exif";
import type { PhotoOrigin } from "./exif";
import { sha256_of } from "./sha256";

export const longest_side = 1600;
const quality = 0.8;

export interface Prepared {
  bytes: Blob;
  sha256: string;
  origin: PhotoOrigin;
}

async function drawn(bitmap: ImageBitmap, width: number, height: number): Promise<Blob | null> {
  if (typeof OffscreenCanvas !== "undefined") {
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, width, height);
    return canvas.convertToBlob({ type: "image/jpeg", quality });
  }
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
}

// What cannot be drawn (a format this browser does not know) or is small already goes as it is.
async function scaled(file: Blob): Promise<Blob> {
  try {
    const bitmap = await createImageBitmap(file);
    const factor = Math.min(1, longest_side / Math.max(bitmap.width, bitmap.height));
    const made = await drawn(bitmap, Math.round(bitmap.width * factor), Math.round(bitmap.height * factor));
    bitmap.close();
    return made && made.size > 0 && made.size < file.size ? made : file;
  } catch {
    return file;
  }
}

export async function prepare_photo(file: Blob, keep_original: boolean): Promise<Prepared> {
  const origin = read_origin(await file.slice(0, 256 * 1024).arrayBuffer());
  const chosen = keep_original ? file : await scaled(file);
  const content = await chosen.arrayBuffer();
  // A copy: what a file picker hands out may vanish with the page.
  return { bytes: new Blob([content], { type: chosen.type || "image/jpeg" }), sha256: await sha256_of(content), origin };
}
