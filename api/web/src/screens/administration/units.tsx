// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";
import type { Unit } from "../../api/contract";
import { load_directory, units } from "../../state/directory";
import { pick, t, t_or } from "../../text";
import { UnitDialog } from "./unit_dialog";

// The unit that is being changed; "new" stands for one that is not there yet.
type Chosen = Unit | "new" | null;

function Branch({ unit, all, choose }: { unit: Unit; all: readonly Unit[]; choose: (unit: Unit) => void }) {
  const below = all.filter((other) => other.parent === unit.id);
  const title = pick(unit.title, unit.id);
  return (
    <li>
      <div class="row tight">
        <span>{title}</span> <span class="muted">{t_or(`unit_kind.${unit.kind}`, unit.kind)}</span>
        {unit.dissolved && <span class="chip">{t("administration.unit_was_dissolved")}</span>}
        <a href={`/administration/people?unit=${encodeURIComponent(unit.id)}`} aria-label={t("administration.people_of", { unit: title })}>
          {t("administration.people")}
        </a>
        <a href={`/ledger?unit=${encodeURIComponent(unit.id)}`} aria-label={t("administration.cases_of", { unit: title })}>
          {t("screen.ledger")}
        </a>
        <button type="button" class="small" aria-label={t("administration.change_one", { name: title })} onClick={() => choose(unit)}>
          {t("administration.change")}
        </button>
      </div>
      {unit.note && <p class="muted">{pick(unit.note, "")}</p>}
      {below.length > 0 && <ul>{below.map((other) => <Branch key={other.id} unit={other} all={all} choose={choose} />)}</ul>}
    </li>
  );
}

export function Units() {
  const [chosen, set_chosen] = useState<Chosen>(null);
  const all = units.value;
  const known = new Set(all.map((unit) => unit.id));
  const roots = all.filter((unit) => !unit.parent || !known.has(unit.parent));
  return (
    <section class="card stack">
      <div class="row apart">
        <h2>{t("administration.units_count", { count: all.length })}</h2>
        <button type="button" class="primary" onClick={() => set_chosen("new")}>{t("administration.add_unit")}</button>
      </div>
      <ul>{roots.map((unit) => <Branch key={unit.id} unit={unit} all={all} choose={set_chosen} />)}</ul>
      {chosen && (
        <UnitDialog unit={chosen === "new" ? undefined : chosen} close={() => set_chosen(null)} changed={() => void load_directory()} />
      )}
    </section>
  );
}
