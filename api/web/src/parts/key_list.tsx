// SPDX-License-Identifier: Apache-2.0
import type { MessageKey } from "../text";
import { t } from "../text";

const all: Array<[keys: string[], what: MessageKey]> = [
  [["/"], "keys.search"], [["Ctrl", "K"], "keys.palette"], [["g", "i"], "keys.worklist"], [["g", "d"], "keys.workbench"],
  [["g", "l"], "keys.ledger"], [["g", "b"], "keys.board"], [["j"], "keys.next"], [["k"], "keys.previous"],
  [["Enter"], "keys.open"], [["x"], "keys.choose"], [["Shift", "x"], "keys.choose_range"], [["c"], "keys.report"],
  [["a"], "keys.actions"], [["r"], "keys.progress"], [["e"], "keys.press"], [["["], "keys.previous_case"],
  [["]"], "keys.next_case"], [["Esc"], "keys.close"], [["?"], "keys.help"],
];

export function KeyList() {
  return (
    <dl class="pairs">
      {all.map(([keys, what]) => <Pair key={what} keys={keys} what={t(what)} />)}
    </dl>
  );
}

function Pair({ keys, what }: { keys: string[]; what: string }) {
  return (
    <>
      <dt>{keys.map((key, index) => <>{index > 0 && " "}<kbd key={key}>{key}</kbd></>)}</dt>
      <dd>{what}</dd>
    </>
  );
}
