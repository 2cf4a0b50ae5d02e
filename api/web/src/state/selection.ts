// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";

export interface Selection {
  chosen: ReadonlySet<string>;
  choose: (ids: readonly string[], on: boolean) => void;
  clear: () => void;
}

// Which lines of a list are ticked.
export function use_selection(): Selection {
  const [chosen, set_chosen] = useState<ReadonlySet<string>>(new Set());
  return {
    chosen,
    choose: (ids, on) => {
      const next = new Set(chosen);
      for (const id of ids) if (on) next.add(id); else next.delete(id);
      set_chosen(next);
    },
    clear: () => set_chosen(new Set()),
  };
}
