// SPDX-License-Identifier: Apache-2.0
import { dismiss, notices } from "../state/notice";
import { t } from "../text";

export function Notices() {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.value.map((notice) => (
        <div key={notice.id} class={`notice ${notice.kind}`}>
          <span class="grow">{notice.text}</span>
          <button type="button" aria-label={t("shell.close")} onClick={() => dismiss(notice.id)}>×</button>
        </div>
      ))}
    </div>
  );
}
