// SPDX-License-Identifier: Apache-2.0
import type { Case, Problem, ProblemError } from "./contract";
import { pick, t } from "../text";

// Why a request was not done: what the server said (RFC 9457), or that it could not be reached.
export class RequestProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly problem: Partial<Problem> | null,
    readonly retry_after = 0,
  ) {
    super(problem?.title ?? code);
  }

  get errors(): readonly ProblemError[] {
    return this.problem?.errors ?? [];
  }

  // With 412: the case as it is now.
  get current(): Case | undefined {
    return this.problem?.current as Case | undefined;
  }

  // It may go through another time, with nothing changed: no network, or a server that is busy.
  get is_passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export function as_problem(fault: unknown): RequestProblem {
  if (fault instanceof RequestProblem) return fault;
  if (fault instanceof DOMException && fault.name === "AbortError") return new RequestProblem(0, "aborted", null);
  return new RequestProblem(0, "page_fault", { title: String(fault) });
}

// One sentence or more, in the chosen language.
export function problem_text(problem: RequestProblem): string {
  if (problem.code === "unreachable") return t("problem.unreachable");
  if (problem.code === "page_fault") return t("problem.page_fault", { what: problem.message });
  const texts = problem.errors.map((error) => {
    const remedy = pick(error.remedy);
    const message = pick(error.message);
    return remedy && remedy !== message ? `${message} ${remedy}` : message;
  });
  const unique = [...new Set(texts)].filter(Boolean);
  if (unique.length > 0) return unique.join(" ");
  return problem.problem?.detail || problem.problem?.title || t("problem.status", { status: problem.status });
}
