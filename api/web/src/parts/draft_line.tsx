// SPDX-License-Identifier: Apache-2.0
import type { FormDraft } from "../state/form_drafts";
import { date_time_of } from "../time";
import { t } from "../text";

// Whether what is typed is kept, since when, and how to begin anew.
export function DraftLine<Value>({ draft, discard }: { draft: FormDraft<Value>; discard: () => void }) {
  const told = draft.saved === null ? t("form.not_saved")
    : draft.saved ? t("form.saved", { time: date_time_of(draft.saved).slice(11) }) : "";
  return (
    <div class="grow row">
      <span class="saved" role="status">{told} {draft.restored && t("form.restored")}</span>
      {draft.saved && <button type="button" class="quiet small" onClick={discard}>{t("form.discard")}</button>}
    </div>
  );
}
