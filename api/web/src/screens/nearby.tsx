// SPDX-License-Identifier: Apache-2.0
// What is open around here: a list by distance, and the same as points.
import { useEffect, useState } from "preact/hooks";
import { farthest, list_issues_near, list_latest_issues } from "../api/place_calls";
import { distance_text, locate } from "../geo";
import type { Fix } from "../geo";
import { CaseLight } from "../parts/light";
import { PlaceMap } from "../parts/place_map";
import { Empty, Loading, Trouble } from "../parts/trouble";
import { address, change_query, navigate } from "../router";
import { use_live } from "../state/live";
import { use_resource } from "../state/resource";
import { pick, t } from "../text";

const circles = [1, 5, 20] as const;
const usual_circle = "5";

export default function Nearby() {
  const [fix, set_fix] = useState<Fix | undefined>(undefined);
  const [sought, set_sought] = useState(false);
  const [told, set_told] = useState("");
  const find = async () => {
    set_told(t("place.locating"));
    const found = await locate();
    set_fix(found);
    set_sought(true);
    set_told(found ? t("place.located", { accuracy: found.accuracy }) : t("nearby.no_fix"));
  };
  useEffect(() => void find(), []);

  const query = address.value.query;
  const circle = query.get("within") ?? usual_circle;
  const as_map = query.get("view") === "map";
  const metres = circle === "all" ? farthest : Number(circle) * 1000;
  // A few steps are no other place.
  const from = fix && { latitude: Number(fix.latitude.toFixed(4)), longitude: Number(fix.longitude.toFixed(4)) };
  const issues = use_resource(from ? `nearby/${from.latitude},${from.longitude},${metres}` : sought ? "nearby/latest" : null, (signal) =>
    from ? list_issues_near(from, metres, undefined, signal) : list_latest_issues(signal));
  use_live(issues.reload);
  const shown = issues.value?.items ?? [];
  return (
    <div class="stack">
      <div class="head">
        <h1>{t("screen.nearby")}</h1>
        <span class="muted" role="status">{told}</span>
        <button type="button" onClick={() => void find()}>{t("report.locate")}</button>
      </div>
      <div class="row apart">
        <label class="row">
          {t("nearby.within")}
          <select class="short" value={circle} onChange={(event) => change_query({ within: event.currentTarget.value }, { replace: true })}>
            {circles.map((one) => <option key={one} value={String(one)}>{t("nearby.kilometres", { count: one })}</option>)}
            <option value="all">{t("nearby.everywhere")}</option>
          </select>
        </label>
        <div class="row" role="group" aria-label={t("nearby.view")}>
          <button type="button" aria-pressed={!as_map} onClick={() => change_query({ view: null }, { replace: true })}>{t("nearby.list")}</button>
          <button type="button" aria-pressed={as_map} onClick={() => change_query({ view: "map" }, { replace: true })}>{t("nearby.map")}</button>
        </div>
      </div>
      {issues.problem && <Trouble problem={issues.problem} retry={issues.reload} />}
      {!issues.value && !issues.problem && <Loading />}
      {issues.value && as_map && (
        <PlaceMap label={t("nearby.map")} here={fix} open={(id) => navigate(`/case/${id}`)}
          points={shown.map(({ line, point }) => ({ ...point, id: line.id, title: line.title || line.number, light: line.light }))} />
      )}
      {issues.value?.more && <p class="muted">{t(from ? "nearby.most" : "nearby.most_latest", { count: shown.length })}</p>}
      {issues.value && shown.length === 0 && <Empty>{t("nearby.empty")}</Empty>}
      <ul class="plain list" aria-label={t("screen.nearby")}>
        {shown.map(({ line, metres: away }) => (
          <li key={line.id}>
            <div class="row apart"><span class="muted">{line.number}</span><CaseLight line={line} /></div>
            <a class="title" href={`/case/${line.id}`}>{line.title || t("case.untitled")}</a>
            <div class="row apart">
              <span>{pick(line.state_title, line.state)}</span>
              <span class="muted">{[(line.fields.place as { name?: string }).name, away !== undefined && distance_text(away)].filter(Boolean).join(" · ")}</span>
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
