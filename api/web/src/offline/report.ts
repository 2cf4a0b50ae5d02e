// SPDX-License-Identifier: Apache-2.0
// A report as it stands on this device until the server has all of it.
import type { OpenCase } from "../api/contract";

export const report_workflow = "inspection-issue";
export const photo_document = "site-photo";
export const most_photos = 9;

export interface Place {
  name?: string;
  longitude?: number;
  latitude?: number;
  accuracy?: number;
  source?: "gps" | "photo" | "map" | "none";
}

export interface Photo {
  id: string;
  report: string;
  name: string;
  // What is sent, and its hash made on this device.
  bytes: Blob;
  sha256: string;
  // Where and when the camera says it was taken.
  place?: Place;
  taken?: string;
  // The server answered with the same hash.
  confirmed: boolean;
}

export interface Told {
  text: string;
  code: string;
  // It may go through later with nothing changed.
  passing: boolean;
}

// draft: being filled in. queued: to be sent when that can be. refused: the server said no, and why. sent: it is there.
export type ReportState = "draft" | "queued" | "refused" | "sent";

export interface Report {
  // Also the idempotency key of the request that opens the case: however often it is sent, it is one case.
  id: string;
  key: string;
  person: string;
  state: ReportState;
  // Put aside by hand: the form opens empty next time.
  aside: boolean;
  created: string;
  changed: string;
  problem: string;
  category?: string;
  level?: string;
  urgent?: boolean;
  entity?: string;
  place?: Place;
  keep_original: boolean;
  photos: number;
  // Once the request may have reached the server it is never changed: another body under the same key would be refused,
  // and another key could make a second case.
  body?: OpenCase;
  tries: number;
  told?: Told;
  sent?: { id: string; number: string; at: string };
}

export function is_empty(report: Report): boolean {
  return report.photos === 0 && !report.problem.trim() && !report.entity?.trim() && !report.category && !report.level;
}

export function body_of(report: Report, photos: readonly Photo[], words_for_photos: string): OpenCase {
  const { category, level, urgent, entity, place } = report;
  const has_point = place?.longitude !== undefined && place.latitude !== undefined;
  const fields: Record<string, unknown> = { problem: report.problem.trim() || words_for_photos, found_at: report.created };
  if (category) fields.category = category;
  if (level) fields.level = level;
  if (urgent !== undefined) fields.urgent = urgent;
  if (entity?.trim()) fields.entity = entity.trim();
  if (place && (has_point || place.name)) fields.place = has_point ? place : { name: place.name, source: "none" };
  const hashes = [...new Set(photos.map((photo) => photo.sha256))];
  return { workflow: report_workflow, fields, ...(hashes.length > 0 ? { documents: { [photo_document]: hashes } } : {}) };
}
