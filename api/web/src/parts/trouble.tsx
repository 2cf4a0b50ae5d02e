// SPDX-License-Identifier: Apache-2.0
import type { RequestProblem } from "../api/problem";
import { problem_text } from "../api/problem";
import { t } from "../text";

// What went wrong, where it went wrong, and how to go on. It stays until it is mended.
export function Trouble({ problem, retry }: { problem: RequestProblem; retry?: () => void }) {
  const request = problem.problem?.request_id;
  return (
    <div class="trouble" role="alert">
      <p>{problem_text(problem)}</p>
      {request && problem.status >= 500 && <p class="mono">{t("problem.request", { id: request })}</p>}
      {retry && <button type="button" class="small" onClick={retry}>{t("shell.retry")}</button>}
    </div>
  );
}

export function Loading() {
  return <p class="muted" role="status">{t("shell.loading")}</p>;
}

export function Empty({ children }: { children: preact.ComponentChildren }) {
  return <div class="empty">{children}</div>;
}
