// SPDX-License-Identifier: Apache-2.0
// Where and when a camera says a photo was taken, from the Exif part of a JPEG. Anything unexpected reads as nothing:
// this is a help only.
export interface PhotoOrigin {
  latitude?: number;
  longitude?: number;
  // As the camera wrote it, without a zone: "2026:11:24 09:30:00".
  taken?: string;
}

const app1 = 0xffe1;
const start_of_scan = 0xffda;
const tag_exif = 0x8769;
const tag_gps = 0x8825;
const tag_taken = 0x9003;

interface Entry {
  type: number;
  count: number;
  at: number;
}

function find_exif(view: DataView): number | null {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 4 <= view.byteLength) {
    const marker = view.getUint16(at);
    if (marker === start_of_scan) return null;
    if (marker === app1 && at + 10 <= view.byteLength && view.getUint32(at + 4) === 0x45786966) return at + 10;
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

function read_directory(view: DataView, base: number, offset: number, little: boolean): Map<number, Entry> {
  const entries = new Map<number, Entry>();
  const count = view.getUint16(base + offset, little);
  for (let index = 0; index < count; index++) {
    const at = base + offset + 2 + index * 12;
    entries.set(view.getUint16(at, little), {
      type: view.getUint16(at + 2, little), count: view.getUint32(at + 4, little), at: at + 8,
    });
  }
  return entries;
}

function text_of(view: DataView, base: number, entry: Entry | undefined, little: boolean): string {
  if (!entry || entry.type !== 2) return "";
  const at = entry.count <= 4 ? entry.at : base + view.getUint32(entry.at, little);
  let text = "";
  for (let index = 0; index < entry.count - 1; index++) text += String.fromCharCode(view.getUint8(at + index));
  return text;
}

// Degrees, minutes and seconds, each a fraction.
function degrees_of(view: DataView, base: number, entry: Entry | undefined, little: boolean): number | undefined {
  if (!entry || entry.type !== 5 || entry.count < 3) return undefined;
  const at = base + view.getUint32(entry.at, little);
  const part = (index: number) => view.getUint32(at + index * 8, little) / view.getUint32(at + index * 8 + 4, little);
  const degrees = part(0) + part(1) / 60 + (part(2) || 0) / 3600;
  return Number.isFinite(degrees) ? Number(degrees.toFixed(6)) : undefined;
}

export function read_origin(bytes: ArrayBuffer): PhotoOrigin {
  try {
    const view = new DataView(bytes);
    const base = find_exif(view);
    if (base === null) return {};
    const little = view.getUint16(base) === 0x4949;
    const first = read_directory(view, base, view.getUint32(base + 4, little), little);
    const below = (tag: number) => {
      const entry = first.get(tag);
      return entry ? read_directory(view, base, view.getUint32(entry.at, little), little) : new Map<number, Entry>();
    };
    const gps = below(tag_gps);
    const latitude = degrees_of(view, base, gps.get(2), little);
    const longitude = degrees_of(view, base, gps.get(4), little);
    const taken = text_of(view, base, below(tag_exif).get(tag_taken), little) || undefined;
    // Cameras without a fix write zeros.
    if (latitude === undefined || longitude === undefined || (latitude === 0 && longitude === 0)) return { taken };
    return {
      latitude: text_of(view, base, gps.get(1), little) === "S" ? -latitude : latitude,
      longitude: text_of(view, base, gps.get(3), little) === "W" ? -longitude : longitude,
      taken,
    };
  } catch {
    return {};
  }
}
