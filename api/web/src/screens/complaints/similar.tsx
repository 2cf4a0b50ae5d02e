// SPDX-License-Identifier: Apache-2.0
// Complaints and issues about the same site or the same spot, so that one matter is not handled twice.
import { list_cases } from "../../api/calls";
import type { CaseLine } from "../../api/contract";
import { list_cases_near } from "../../api/place_calls";
import { distance_text, metres_between, point_of } from "../../geo";
import { CaseLight } from "../../parts/light";
import { use_resource } from "../../state/resource";
import { workflow_title } from "../../state/directory";
import { t } from "../../text";

const near = 200;
const most_shown = 5;
const most_asked = 20;

// A name is what a search finds best; without one, the first words.
function words_of(line: CaseLine): string {
  const entity = line.fields.entity;
  if (typeof entity === "string" && entity.length >= 2) return entity.slice(0, 40);
  const place = (line.fields.place as { name?: string } | undefined)?.name;
  return (place || line.title).slice(0, 12);
}

interface Found {
  line: CaseLine;
  metres?: number;
}

async function find_similar(line: CaseLine, signal: AbortSignal): Promise<Found[]> {
  const words = words_of(line);
  const here = point_of(line.fields.place);
  const [named, placed] = await Promise.all([
    words.length < 2 ? [] : list_cases({ q: words, limit: most_asked }, signal).then((page) => page.items),
    here ? list_cases_near(here, near, most_asked, signal).then((found) => found.items.map((one) => one.line)) : [],
  ]);
  const others = new Map([...placed, ...named].filter((other) => other.id !== line.id).map((other) => [other.id, other]));
  return [...others.values()]
    .map((other): Found => {
      const there = point_of(other.fields.place);
      return { line: other, metres: here && there && metres_between(here, there) };
    })
    .sort((left, right) => (left.metres ?? near) - (right.metres ?? near))
    .slice(0, most_shown);
}

export function Similar({ line }: { line: CaseLine }) {
  const found = use_resource(`complaints/similar/${line.id}`, (signal) => find_similar(line, signal));
  if (!found.value || found.value.length === 0) return null;
  return (
    <div class="told">
      <p>{t("complaints.similar", { count: found.value.length })}</p>
      <ul class="plain">
        {found.value.map(({ line: other, metres }) => (
          <li key={other.id} class="row">
            <a href={`/case/${other.id}`}>{other.number} {other.title}</a>
            <span>{workflow_title(other.workflow)}{metres !== undefined && ` · ${distance_text(metres)}`}</span>
            <CaseLight line={other} />
          </li>
        ))}
      </ul>
    </div>
  );
}
