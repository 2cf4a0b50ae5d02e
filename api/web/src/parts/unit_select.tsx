// SPDX-License-Identifier: Apache-2.0
import { units } from "../state/directory";
import { pick, t, t_or } from "../text";

interface UnitSelectProps {
  id: string;
  value: unknown;
  change: (value: string | undefined) => void;
  // Which units may be chosen; all when absent.
  units?: readonly string[];
  // What choosing nothing means.
  nothing?: string;
  "aria-label"?: string;
}

// Also takes a part's holder, {"unit", "person"}, as its value.
export function UnitSelect({ id, value, change, units: allowed, nothing, ...rest }: UnitSelectProps) {
  const chosen = typeof value === "object" && value !== null ? (value as { unit?: string }).unit : (value as string);
  // What was dissolved takes no new part, but a list can still be looked through for it.
  const standing = (unit: (typeof units.value)[number]) => !unit.dissolved || unit.id === chosen || nothing === t("ledger.all");
  const offered = units.value.filter((unit) => (allowed ? allowed.includes(unit.id) : standing(unit)));
  const kinds = [...new Set(offered.map((unit) => unit.kind))];
  const option = (unit: (typeof offered)[number]) => <option key={unit.id} value={unit.id}>{pick(unit.title, unit.id)}</option>;
  return (
    <select id={id} value={chosen ?? ""} {...rest} onChange={(event) => change(event.currentTarget.value || undefined)}>
      <option value="">{nothing ?? t("form.choose")}</option>
      {kinds.length === 1
        ? offered.map(option)
        : kinds.map((kind) => (
            <optgroup key={kind} label={t_or(`unit_kind.${kind}`, kind)}>
              {offered.filter((unit) => unit.kind === kind).map(option)}
            </optgroup>
          ))}
    </select>
  );
}
