// SPDX-License-Identifier: Apache-2.0
export function ledger_address(workflow: string, filter: Record<string, string>): string {
  const text = new URLSearchParams(filter).toString();
  return `/ledger${workflow ? `/${workflow}` : ""}${text ? `?${text}` : ""}`;
}

export function percent(rate: number | null | undefined, otherwise = "–"): string {
  return rate === null || rate === undefined ? otherwise : `${Math.round(rate * 1000) / 10}%`;
}
