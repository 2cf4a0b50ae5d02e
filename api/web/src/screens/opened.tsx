// SPDX-License-Identifier: Apache-2.0
import { list_cases } from "../api/calls";
import { column } from "../parts/case_list";
import { InboxTabs } from "../parts/inbox_tabs";
import { use_paged_cases } from "../parts/paged_cases";
import { PagedList } from "../parts/paged_list";
import { t } from "../text";

export default function Opened() {
  const cases = use_paged_cases("opened", (query, signal) => list_cases({ ...query, opener: "me" }, signal));
  const columns = ["number", "workflow", "title", "state", "light", "owner", "changed"].map((key) => column(key));
  return (
    <>
      <div class="head"><h1>{t("screen.opened")}</h1></div>
      <InboxTabs />
      <PagedList cases={cases} empty={t("opened.empty")} caption={t("screen.opened")} columns={columns} />
    </>
  );
}
