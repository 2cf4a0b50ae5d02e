// SPDX-License-Identifier: Apache-2.0
import { list_worklist } from "../api/calls";
import { InboxTabs } from "../parts/inbox_tabs";
import { use_paged_cases } from "../parts/paged_cases";
import { PagedList } from "../parts/paged_list";
import { t } from "../text";

export default function Worklist() {
  const cases = use_paged_cases("worklist", (query, signal) => list_worklist(query, signal));
  return (
    <>
      <div class="head"><h1>{t("screen.worklist")}</h1></div>
      <InboxTabs />
      <PagedList cases={cases} empty={t("worklist.empty")} caption={t("worklist.caption")} />
    </>
  );
}
