// SPDX-License-Identifier: Apache-2.0
// A camera writes its clock without a zone; here that is the district's.
export function zone_instant(taken: string | undefined): string | undefined {
  const parts = taken?.match(/^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)/);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`;
}
