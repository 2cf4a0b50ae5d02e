// SPDX-License-Identifier: Apache-2.0
// The versions of one workflow, how many cases are open in each, and the ways to a further one.
import type { DefinitionLine } from "../../api/contract";
import { list_definitions } from "../../api/definition_calls";
import { Loading, Trouble } from "../../parts/trouble";
import { person_name } from "../../state/directory";
import { use_resource } from "../../state/resource";
import { date_time_of } from "../../time";
import { pick, t } from "../../text";

export const definitions_key = "administration/definitions";

// Open cases of versions before the one in force: the newest stands first.
export function left_behind(line: DefinitionLine): number {
  const in_force = line.versions.findIndex((one) => one.in_force);
  return line.versions.slice(in_force + 1).reduce((sum, one) => sum + (one.open_cases ?? 0), 0);
}

export function Versions({ id }: { id: string }) {
  const loaded = use_resource(definitions_key, list_definitions);
  if (loaded.problem) return <Trouble problem={loaded.problem} retry={loaded.reload} />;
  const line = loaded.value?.find((one) => one.id === id);
  if (!line) return <Loading />;
  const waiting = left_behind(line);
  const query = `workflow=${encodeURIComponent(id)}`;
  return (
    <section class="card stack">
      <h2>{t("definitions.versions")}</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label={t("definitions.versions_table", { workflow: pick(line.title, id) })}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("administration.version")}</th><th scope="col">{t("definitions.origin")}</th>
              <th scope="col" class="number">{t("definitions.open_cases")}</th><th scope="col"><span class="hidden-text">{t("definitions.edit")}</span></th>
            </tr>
          </thead>
          <tbody>
            {line.versions.map((one) => (
              <tr key={one.version} data-here={one.in_force}>
                <th scope="row">{one.version} {one.in_force && <span class="chip green">{t("definitions.in_force")}</span>}</th>
                <td>{one.saved_at ? t("definitions.saved_by", { person: person_name(one.saved_by), time: date_time_of(one.saved_at) }) : t("definitions.shipped")}</td>
                <td class="number">{one.open_cases ?? t("definitions.not_counted")}</td>
                <td><a class="button small" href={`/administration/editor?${query}&version=${encodeURIComponent(one.version)}`}>
                  {one.in_force ? t("definitions.edit") : t("definitions.edit_old", { version: one.version })}</a></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {waiting > 0 && (
        <p class="row">{t("definitions.left_behind", { count: waiting })}{" "}
          <a class="button" href={`/administration/migration?${query}`}>{t("migration.open")}</a></p>
      )}
    </section>
  );
}
