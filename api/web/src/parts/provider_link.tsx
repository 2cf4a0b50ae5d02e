// SPDX-License-Identifier: Apache-2.0
import { useEffect } from "preact/hooks";
import { brought, find_ways, leave_address, ways } from "../state/provider";
import { pick, t } from "../text";

function why_not(code: string): string {
  switch (code) {
    case "identity_unplaced": return t("sign_in.provider_unplaced");
    case "identity_unavailable": return t("sign_in.provider_unavailable");
    case "not_allowed": return t("sign_in.provider_inactive");
    case "second_factor_required": return t("sign_in.provider_second_factor");
    default: return t("sign_in.provider_refused");
  }
}

// The way over the place's provider, where there is one, and what came of it the last time.
export function ProviderLink() {
  useEffect(() => void find_ways(), []);
  const provider = ways.value?.oidc;
  const code = brought.value;
  return (
    <>
      {code && code !== "done" && <div class="trouble" role="alert"><p>{why_not(code)}</p></div>}
      {provider && <a class="button" href={leave_address()}>{pick(provider.title)}</a>}
    </>
  );
}
