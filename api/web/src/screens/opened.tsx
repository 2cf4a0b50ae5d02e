// SPDX-License-Identifier: Apache-2.0
import { list_cases } from "../api/calls";
import { CaseList, column } from "../parts/case_list";
import { InboxTabs } from "../parts/inbox_tabs";
import { MoreButton, use_paged_cases } from "../parts/paged_cases";
import { Empty, Loading, Trouble } from "../parts/trouble";
import { t } from "../text";

export default function Opened() {
  const cases = use_paged_cases("opened", (query, signal) => list_cases({ ...query, opener: "me" }, signal));
  const columns = ["number", "workflow", "title", "state", "light", "owner", "changed"].map((key) => column(key));
  return (
    <>
      <div class="head"><h1>{t("screen.opened")}</h1></div>
      <InboxTabs />
      {cases.problem && <Trouble problem={cases.problem} retry={cases.reload} />}
      {!cases.lines && !cases.problem && <Loading />}
      {cases.lines?.length === 0 && <Empty>{t("opened.empty")}</Empty>}
      {cases.lines && cases.lines.length > 0 && (
        <>
          <CaseList lines={cases.lines} caption={t("screen.opened")} columns={columns} />
          <MoreButton cases={cases} />
        </>
      )}
    </>
  );
}
