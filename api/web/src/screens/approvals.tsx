// SPDX-License-Identifier: Apache-2.0
// What waits for a decision: strike-off, extension, and what one person asked for and another has to confirm.
import { useState } from "preact/hooks";
import { list_all } from "../api/board_calls";
import type { CaseLine } from "../api/contract";
import { CaseDialog } from "../parts/case_pane";
import { CaseList, column } from "../parts/case_list";
import type { Column } from "../parts/case_list";
import { Empty, Loading, Trouble } from "../parts/trouble";
import { address } from "../router";
import { person_name } from "../state/directory";
import { use_live } from "../state/live";
import { use_resource } from "../state/resource";
import { ago, date_of } from "../time";
import { t } from "../text";
import type { MessageKey } from "../text";

type Part = "strike-off" | "extension" | "second";

interface PartRule {
  title: MessageKey;
  nothing: MessageKey;
  load: (signal: AbortSignal) => Promise<CaseLine[]>;
  // What the reviewer looks at first.
  extra: () => Column;
}

// An extension was asked for and not decided: more requests than extensions.
function asks_for_extension(line: CaseLine): boolean {
  const asked = line.documents["extension-request"]?.length ?? 0;
  const given = line.deadlines.reduce((sum, deadline) => sum + deadline.extensions.length, 0);
  return asked > given;
}

const parts: Record<Part, PartRule> = {
  "strike-off": {
    title: "approvals.strike_off",
    nothing: "approvals.none_strike_off",
    load: (signal) => list_all({ workflow: "inspection-issue", state: "done_claimed,verified" }, signal).then((found) => found.items),
    extra: () => ({ key: "since", title: t("approvals.since"), cell: (line) => <span class="nowrap">{ago(line.changed)}</span> }),
  },
  extension: {
    title: "approvals.extension",
    nothing: "approvals.none_extension",
    load: (signal) =>
      list_all({ workflow: "inspection-issue", state: "rectifying" }, signal).then((found) => found.items.filter(asks_for_extension)),
    extra: () => ({
      key: "until", title: t("approvals.until"),
      cell: (line) => (typeof line.fields.extension_until === "string" ? date_of(line.fields.extension_until) : ""),
    }),
  },
  second: {
    title: "approvals.second",
    nothing: "approvals.none_second",
    load: (signal) => list_all({ final: false, pending: true }, signal).then((found) => found.items),
    extra: () => ({
      key: "asked", title: t("approvals.asked_by"),
      cell: (line) => line.pending.map((one) => person_name(one.asked_by.person)).join(t("text.and")),
    }),
  },
};

const names = Object.keys(parts) as Part[];

function Queue({ part }: { part: Part }) {
  const rule = parts[part];
  const list = use_resource(`approvals/${part}`, rule.load);
  use_live(list.reload);
  const [open, set_open] = useState<CaseLine | undefined>(undefined);
  const review: Column = {
    key: "review", title: t("approvals.decide"),
    cell: (line) => (
      <button type="button" class="small" aria-label={t("approvals.decide_one", { number: line.number })} onClick={() => set_open(line)}>
        {t("approvals.decide")}
      </button>
    ),
  };
  const lines = list.value;
  return (
    <>
      {list.problem && <Trouble problem={list.problem} retry={list.reload} />}
      {!lines && !list.problem && <Loading />}
      {lines?.length === 0 && <Empty>{t(rule.nothing)}</Empty>}
      {lines && lines.length > 0 && (
        <CaseList lines={lines} caption={t(rule.title)}
          columns={[...["number", "title", "state", "light", "due"].map((key) => column(key)), rule.extra(), review]} />
      )}
      {open && <CaseDialog id={open.id} number={open.number} close={() => set_open(undefined)} done={() => list.reload()} />}
    </>
  );
}

export default function Approvals() {
  const asked = address.value.query.get("part") as Part;
  const part = names.includes(asked) ? asked : "strike-off";
  return (
    <>
      <div class="head"><h1>{t("screen.approvals")}</h1></div>
      <nav class="tabs" aria-label={t("approvals.parts")}>
        {names.map((name) => (
          <a key={name} href={`/approvals?part=${name}`} aria-current={name === part ? "page" : undefined}>{t(parts[name].title)}</a>
        ))}
      </nav>
      <Queue key={part} part={part} />
    </>
  );
}
