// SPDX-License-Identifier: Apache-2.0
import { people, unit_title } from "../state/directory";
import { t } from "../text";

interface PersonSelectProps {
  id: string;
  value: unknown;
  change: (value: string | undefined) => void;
  // Only people of this unit.
  unit?: string;
  "aria-label"?: string;
}

// By name where the server gives names; otherwise the person's id is typed.
export function PersonSelect({ id, value, change, unit, ...rest }: PersonSelectProps) {
  const offered = people.value.filter((person) => (person.active || person.id === value) && (!unit || person.unit === unit));
  if (people.value.length === 0) {
    return <input id={id} {...rest} value={(value as string) ?? ""} maxLength={64} autoCapitalize="none"
      onInput={(event) => change(event.currentTarget.value.trim() || undefined)} />;
  }
  const groups = [...new Set(offered.map((person) => person.unit))];
  return (
    <select id={id} {...rest} value={(value as string) ?? ""} onChange={(event) => change(event.currentTarget.value || undefined)}>
      <option value="">{t("form.choose")}</option>
      {groups.map((group) => (
        <optgroup key={group} label={unit_title(group)}>
          {offered.filter((person) => person.unit === group).map((person) => (
            <option key={person.id} value={person.id}>{person.full_name}</option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}
