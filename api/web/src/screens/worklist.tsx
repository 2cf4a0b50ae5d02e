// SPDX-License-Identifier: Apache-2.0
import { list_worklist } from "../api/calls";
import { CaseList } from "../parts/case_list";
import { InboxTabs } from "../parts/inbox_tabs";
import { MoreButton, use_paged_cases } from "../parts/paged_cases";
import { Empty, Loading, Trouble } from "../parts/trouble";
import { t } from "../text";

export default function Worklist() {
  const cases = use_paged_cases("worklist", (query, signal) => list_worklist(query, signal));
  return (
    <>
      <div class="head"><h1>{t("screen.worklist")}</h1></div>
      <InboxTabs />
      {cases.problem && <Trouble problem={cases.problem} retry={cases.reload} />}
      {!cases.lines && !cases.problem && <Loading />}
      {cases.lines?.length === 0 && <Empty>{t("worklist.empty")}</Empty>}
      {cases.lines && cases.lines.length > 0 && (
        <>
          <CaseList lines={cases.lines} caption={t("worklist.caption")} />
          <MoreButton cases={cases} />
        </>
      )}
    </>
  );
}
