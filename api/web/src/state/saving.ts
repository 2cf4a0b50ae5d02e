// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";
import { as_problem } from "../api/problem";
import type { RequestProblem } from "../api/problem";

// One attempt at a time to have the server change something, and why the last one failed.
export function use_saving() {
  const [problem, set_problem] = useState<RequestProblem | undefined>(undefined);
  const [busy, set_busy] = useState(false);
  const attempt = async (work: () => Promise<void>) => {
    set_busy(true);
    set_problem(undefined);
    try {
      await work();
    } catch (fault) {
      set_problem(as_problem(fault));
    }
    set_busy(false);
  };
  return { problem, busy, attempt };
}
