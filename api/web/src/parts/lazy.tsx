// SPDX-License-Identifier: Apache-2.0
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

// A part whose code is fetched when it is first shown.
export function Lazy({ load }: { load: () => Promise<ComponentType> }) {
  const [Part, set_part] = useState<ComponentType | undefined>(undefined);
  useEffect(() => {
    let gone = false;
    void load().then((found) => {
      if (!gone) set_part(() => found);
    });
    return () => {
      gone = true;
    };
  }, [load]);
  return Part ? <Part /> : null;
}
