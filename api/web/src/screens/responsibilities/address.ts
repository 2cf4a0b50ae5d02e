// SPDX-License-Identifier: Apache-2.0

// Only what leads to a page; what somebody typed into a field may be anything.
export function safe_address(value: unknown): string | undefined {
  return typeof value === "string" && /^https?:\/\//.test(value) ? value : undefined;
}
