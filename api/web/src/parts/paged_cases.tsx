// SPDX-License-Identifier: Apache-2.0
// A list of cases page by page; what was shown stays when somebody comes back.
import { useEffect, useRef, useState } from "preact/hooks";
import type { CaseLine } from "../api/contract";
import type { CasePage } from "../api/calls";
import { as_problem } from "../api/problem";
import type { RequestProblem } from "../api/problem";
import { use_live } from "../state/live";
import { use_resource } from "../state/resource";
import { phone } from "../state/screen_size";
import { t } from "../text";

// What fits a phone twice over; over a slow network the first row comes that much sooner.
const first_on_phone = 6;
const largest_page = 200;
const most_at_once = 1000;

export interface PagedCases {
  lines: readonly CaseLine[] | undefined;
  problem: RequestProblem | undefined;
  loading: boolean;
  more: boolean;
  load_more: () => Promise<void>;
  // All of it, up to a bound.
  load_all: () => Promise<void>;
  reload: () => void;
}

type Load = (query: Record<string, string | number | undefined>, signal?: AbortSignal) => Promise<CasePage>;

// `key` names the list with its filters (null: there is none); `load` asks for a page of it.
export function use_paged_cases(key: string | null, load: Load, limit = phone.value ? first_on_phone : 50): PagedCases {
  const [loading_more, set_loading_more] = useState(false);
  const [problem, set_problem] = useState<RequestProblem | undefined>(undefined);
  // Renewed as a whole, as many lines as are shown, so that nothing jumps.
  const [wanted, set_wanted] = useState(limit);
  const resource = use_resource<CasePage>(key, (signal) => load({ limit: Math.min(largest_page, wanted) }, signal));
  use_live(resource.reload);
  const page = resource.value;
  const load_to = async (count: number, size: number) => {
    if (!page?.next_cursor) return;
    set_loading_more(true);
    let shown = page;
    try {
      while (shown.next_cursor && shown.items.length < count) {
        const next = await load({ limit: size, cursor: shown.next_cursor });
        shown = { ...next, items: [...shown.items, ...next.items] };
      }
      set_wanted(shown.items.length);
      resource.set(shown);
    } catch (fault) {
      set_problem(as_problem(fault));
    }
    set_loading_more(false);
  };
  return {
    lines: page?.items,
    problem: problem ?? resource.problem,
    loading: resource.loading || loading_more,
    more: Boolean(page?.next_cursor),
    reload: () => {
      set_problem(undefined);
      resource.reload();
    },
    load_more: () => load_to((page?.items.length ?? 0) + 1, limit),
    load_all: () => load_to(most_at_once, largest_page),
  };
}

export function MoreButton({ cases }: { cases: PagedCases }) {
  const count = cases.lines?.length ?? 0;
  const button = useRef<HTMLButtonElement>(null);
  const latest = useRef(cases);
  latest.current = cases;
  // A phone fetches little at once, and the next when its owner comes near the end.
  useEffect(() => {
    if (!phone.value || !cases.more || !button.current) return;
    const near = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting) && !latest.current.loading) void latest.current.load_more();
    });
    near.observe(button.current);
    return () => near.disconnect();
  }, [cases.more, count]);
  return (
    <div class="row apart no-print">
      <span class="muted" role="status">{cases.loading ? t("shell.loading") : t("list.shown", { count })}</span>
      {cases.more && (
        <button type="button" ref={button} disabled={cases.loading} onClick={() => void cases.load_more()}>{t("list.more")}</button>
      )}
    </div>
  );
}
