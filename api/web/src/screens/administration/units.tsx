// SPDX-License-Identifier: Apache-2.0
import type { Unit } from "../../api/contract";
import { units } from "../../state/directory";
import { pick, t, t_or } from "../../text";

function Branch({ unit, all }: { unit: Unit; all: readonly Unit[] }) {
  const below = all.filter((other) => other.parent === unit.id);
  return (
    <li>
      <span>{pick(unit.title, unit.id)}</span> <span class="muted">{t_or(`unit_kind.${unit.kind}`, unit.kind)}</span>{" "}
      <a href={`/administration/people?unit=${encodeURIComponent(unit.id)}`} aria-label={t("administration.people_of", { unit: pick(unit.title, unit.id) })}>
        {t("administration.people")}
      </a>{" "}
      <a href={`/ledger?unit=${encodeURIComponent(unit.id)}`} aria-label={t("administration.cases_of", { unit: pick(unit.title, unit.id) })}>
        {t("screen.ledger")}
      </a>
      {below.length > 0 && <ul>{below.map((other) => <Branch key={other.id} unit={other} all={all} />)}</ul>}
    </li>
  );
}

export function Units() {
  const all = units.value;
  const known = new Set(all.map((unit) => unit.id));
  const roots = all.filter((unit) => !unit.parent || !known.has(unit.parent));
  return (
    <section class="card stack">
      <h2>{t("administration.units_count", { count: all.length })}</h2>
      <p class="muted">{t("administration.units_note")}</p>
      <ul>{roots.map((unit) => <Branch key={unit.id} unit={unit} all={all} />)}</ul>
    </section>
  );
}
