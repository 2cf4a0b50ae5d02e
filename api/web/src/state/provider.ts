// SPDX-License-Identifier: Apache-2.0
// The place's own way of signing in: whether there is one, and what somebody who comes back from it brings along.
import { signal } from "@preact/signals";
import { get_sign_in_ways } from "../api/calls";
import type { SignInWays } from "../api/contract";
import { address, change_query } from "../router";

export const ways = signal<SignInWays | null>(null);

// Without an answer the form for names and passwords stands alone.
export async function find_ways(): Promise<void> {
  ways.value ??= await get_sign_in_ways().catch(() => null);
}

// "done", or the code of what stood in the way; null when nobody came back.
export const brought = signal<string | null>(null);

// A page that is read anew or shared must not say it again.
export function take_what_was_brought(): void {
  brought.value = address.value.query.get("sign_in");
  if (brought.value !== null) change_query({ sign_in: null }, { replace: true });
}

export function leave_address(): string {
  const { path, query } = address.value;
  const to = query.toString() === "" ? path : `${path}?${query}`;
  return `/api/v1/session/oidc?to=${encodeURIComponent(to)}`;
}
