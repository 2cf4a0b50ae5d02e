// SPDX-License-Identifier: Apache-2.0
import { offers } from "../api/calls";
import { language, t } from "../text";

// The list as a file, with the same filters, where the server makes one.
export function ExportLinks({ query }: { query: Record<string, string> }) {
  const kinds = ["csv", "xlsx"].filter((kind) => offers(`GET /api/v1/ledger.${kind}`));
  return (
    <>
      {kinds.map((kind) => {
        // A link sends the browser's language along and not the page's.
        const asked = Object.entries({ ...query, lang: language.value }).filter(([name]) => offers(`GET /api/v1/ledger.${kind}`, name));
        return (
          <a key={kind} class="button" download href={`/api/v1/ledger.${kind}?${new URLSearchParams(asked)}`}>
            {t("ledger.export", { kind: kind.toUpperCase() })}
          </a>
        );
      })}
    </>
  );
}
