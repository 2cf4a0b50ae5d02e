// SPDX-License-Identifier: Apache-2.0
import { offers } from "../api/calls";
import { t } from "../text";

// The list as a file, with the same filters, where the server makes one.
export function ExportLinks({ query }: { query: Record<string, string> }) {
  const kinds = ["csv", "xlsx"].filter((kind) => offers(`GET /api/v1/ledger.${kind}`));
  return (
    <>
      {kinds.map((kind) => {
        const asked = Object.entries(query).filter(([name]) => offers(`GET /api/v1/ledger.${kind}`, name));
        const text = new URLSearchParams(asked).toString();
        return (
          <a key={kind} class="button" download href={`/api/v1/ledger.${kind}${text ? `?${text}` : ""}`}>
            {t("ledger.export", { kind: kind.toUpperCase() })}
          </a>
        );
      })}
    </>
  );
}
