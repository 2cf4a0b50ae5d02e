// SPDX-License-Identifier: Apache-2.0
// What may be done with a case now, as the server says it, and what is missing where it may not yet.
import { useRef, useState } from "preact/hooks";
import type { Action, Case } from "../api/contract";
import { use_keys } from "../keys";
import { pick, t } from "../text";
import { ActionDialog } from "./action_dialog";

const follow_up = ["progress", "report-progress", "feedback"];
const press = ["press", "supervise", "urge"];

export function CaseActions({ subject, done }: { subject: Case; done: (now: Case) => void }) {
  const [open, set_open] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const actions = subject.allowed_actions;
  const offered = (names: readonly string[]) => actions.find((action) => names.includes(action.name));
  const open_first = (names: readonly string[]) => {
    const found = offered(names) ?? offered(["comment"]);
    if (found) set_open(found.name);
  };
  use_keys({
    a: () => list.current?.querySelector("button")?.focus(),
    r: () => open_first(follow_up),
    e: () => { const found = offered(press); if (found) set_open(found.name); },
  });
  const chosen = actions.find((action) => action.name === open);
  const first = actions.find((action) => action.kind === "transition")?.name;
  return (
    <section class="card no-print" aria-labelledby="actions-title">
      <h2 id="actions-title">{t("case.actions")}</h2>
      {actions.length === 0 && <p class="muted">{t("case.no_actions")}</p>}
      <ul class="plain actions" ref={list}
        onKeyDown={(event) => {
          // Within the menu of actions, the first letter of a name leads to it.
          const wanted = actions.find((action) => action.name.startsWith(event.key.toLowerCase()) && event.key.length === 1);
          if (!wanted || event.ctrlKey || event.metaKey || event.altKey) return;
          event.preventDefault();
          event.stopPropagation();
          list.current?.querySelector<HTMLElement>(`[data-action="${wanted.name}"]`)?.focus();
        }}>
        {actions.map((action) => (
          <li key={action.name}>
            <button type="button" data-action={action.name} class={action.name === first ? "primary" : ""}
              aria-describedby={action.possible ? undefined : `missing-${action.name}`} onClick={() => set_open(action.name)}>
              {pick(action.title, action.name)}{!action.possible && <span aria-hidden="true"> *</span>}
            </button>
            {!action.possible && <Missing action={action} />}
          </li>
        ))}
      </ul>
      {chosen && (
        <ActionDialog key={chosen.name} subject={subject} action={chosen} close={() => set_open(null)}
          done={(now) => { set_open(null); done(now); }} />
      )}
    </section>
  );
}

function Missing({ action }: { action: Action }) {
  return (
    <div class="missing" id={`missing-${action.name}`}>
      {action.refusals.map((refusal, index) => <div key={index}>{pick(refusal.text)}</div>)}
    </div>
  );
}
