// SPDX-License-Identifier: Apache-2.0
import { list_cases } from "../api/calls";
import { column } from "../parts/case_list";
import { InboxTabs } from "../parts/inbox_tabs";
import { use_paged_cases } from "../parts/paged_cases";
import { PagedList } from "../parts/paged_list";
import { t } from "../text";

export default function Handled() {
  const cases = use_paged_cases("handled", (query, signal) =>
    list_cases({ ...query, handled_by: "me", sort: "-changed" }, signal),
  );
  const columns = ["number", "workflow", "title", "state", "light", "owner", "changed"].map((key) => column(key));
  return (
    <>
      <div class="head"><h1>{t("screen.handled")}</h1></div>
      <InboxTabs />
      <PagedList cases={cases} empty={t("handled.empty")} caption={t("screen.handled")} columns={columns} />
    </>
  );
}
