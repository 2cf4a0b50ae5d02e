// SPDX-License-Identifier: Apache-2.0
// Something fetched for a screen. What was fetched before is shown at once when somebody comes back, and renewed
// behind it, so that lists keep their place.
import { useEffect, useRef, useState } from "preact/hooks";
import { as_problem } from "../api/problem";
import type { RequestProblem } from "../api/problem";
import { on_sign_out } from "./session";

const kept = new Map<string, unknown>();
const most_kept = 60;

on_sign_out(() => kept.clear());

export function keep(key: string, value: unknown): void {
  kept.delete(key);
  kept.set(key, value);
  for (const oldest of kept.keys()) {
    if (kept.size <= most_kept) break;
    kept.delete(oldest);
  }
}

export function kept_value<Value>(key: string): Value | undefined {
  return kept.get(key) as Value | undefined;
}

export function forget(prefix: string): void {
  for (const key of [...kept.keys()]) if (key.startsWith(prefix)) kept.delete(key);
}

export interface Resource<Value> {
  value: Value | undefined;
  problem: RequestProblem | undefined;
  loading: boolean;
  reload: () => void;
  set: (value: Value) => void;
}

export function use_resource<Value>(key: string | null, load: (signal: AbortSignal) => Promise<Value>): Resource<Value> {
  const [, redraw] = useState(0);
  const [turn, set_turn] = useState(0);
  const state = useRef<{ key: string | null; value?: Value; problem?: RequestProblem; loading: boolean }>({
    key: null,
    loading: false,
  });
  if (state.current.key !== key) {
    state.current = { key, value: key === null ? undefined : kept_value<Value>(key), loading: key !== null };
  }
  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    const mine = () => state.current.key === key && !abort.signal.aborted;
    state.current.loading = true;
    load(abort.signal).then(
      (value) => {
        keep(key, value);
        if (!mine()) return;
        state.current = { key, value, loading: false };
        redraw((count) => count + 1);
      },
      (fault) => {
        if (!mine()) return;
        state.current = { ...state.current, problem: as_problem(fault), loading: false };
        redraw((count) => count + 1);
      },
    );
    return () => abort.abort();
  }, [key, turn]);
  return {
    value: state.current.value,
    problem: state.current.problem,
    loading: state.current.loading,
    reload: () => set_turn((count) => count + 1),
    set: (value) => {
      if (key !== null) keep(key, value);
      state.current = { key, value, loading: false };
      redraw((count) => count + 1);
    },
  };
}
