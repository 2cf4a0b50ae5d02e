// SPDX-License-Identifier: Apache-2.0
import { t } from "../text";
import type { MessageKey } from "../text";

export const sorts: ReadonlyArray<[string, MessageKey]> = [
  ["", "sort.usual"], ["due", "sort.due"], ["-opened", "sort.newest"], ["opened", "sort.oldest"], ["-changed", "sort.changed"],
  ["-closed", "sort.closed"],
];

export function sort_title(value: string): string {
  const known = sorts.find(([name]) => name === value);
  return known ? t(known[1]) : value;
}
