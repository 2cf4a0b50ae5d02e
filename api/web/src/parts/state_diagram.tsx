// SPDX-License-Identifier: Apache-2.0
// A definition's states and ways as a drawing, laid out when it is shown, with where a case is and has been. The list of
// steps beside it says the same in words.
import { useEffect, useState } from "preact/hooks";
import type { Event } from "../api/contract";
import type { Definition } from "../api/definition";
import { pick, t } from "../text";
import type { Layout } from "./state_layout";

export interface Visit {
  state: string;
  at: string;
}

// The states a case went through, in order, from its history.
export function visits_of(events: readonly Event[]): Visit[] {
  const visits: Visit[] = [];
  for (const event of events) {
    if (event.type !== "opened" && event.type !== "transitioned" && event.type !== "migrated") continue;
    const state = (event.body as { state?: string }).state;
    if (state && visits[visits.length - 1]?.state !== state) visits.push({ state, at: event.at });
  }
  return visits;
}

interface StateDiagramProps {
  definition: Definition;
  visits?: readonly Visit[];
  current?: string;
}

export function StateDiagram({ definition, visits = [], current }: StateDiagramProps) {
  const [layout, set_layout] = useState<Layout | undefined>(undefined);
  useEffect(() => {
    let gone = false;
    void import("./state_layout").then(({ lay_out }) => {
      if (!gone) set_layout(lay_out(definition));
    });
    return () => {
      gone = true;
    };
  }, [definition]);
  if (!layout) return <p class="muted" role="status">{t("shell.loading")}</p>;

  const visited = new Set(visits.map((visit) => visit.state));
  const walked = new Map<string, number>();
  visits.forEach((visit, index) => {
    const before = visits[index - 1];
    if (before) walked.set(`${before.state}>${visit.state}`, (walked.get(`${before.state}>${visit.state}`) ?? 0) + 1);
  });
  const described = current
    ? t("diagram.of_case", { title: pick(definition.title), state: pick(definition.states[current]?.title, current) })
    : t("diagram.of_definition", { title: pick(definition.title) });
  return (
    <div class="diagram" tabIndex={0} role="region" aria-label={described}>
      <svg width={layout.width} height={layout.height} viewBox={`0 0 ${layout.width} ${layout.height}`} role="img" aria-label={described}>
        <defs>
          {["", "walked"].map((kind) => (
            <marker key={kind} id={`arrow${kind}`} class={kind} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"
              markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" /></marker>
          ))}
        </defs>
        {layout.edges.map((edge) => {
          const times = walked.get(`${edge.from}>${edge.to}`) ?? 0;
          return (
            <g key={`${edge.from}>${edge.to}`}>
              <path class={`edge ${times > 0 ? "walked" : ""}`} d={edge.path} marker-end={`url(#arrow${times > 0 ? "walked" : ""})`}>
                <title>{edge.names.map((name) => pick(definition.transitions[name]?.title, name)).join(t("text.and"))}</title>
              </path>
              {times > 1 && <text class="count" x={edge.middle.x + 4} y={edge.middle.y - 4}>×{times}</text>}
            </g>
          );
        })}
        {layout.nodes.map((node) => {
          const classes = ["node"];
          if (visited.has(node.id)) classes.push("visited");
          if (node.id === current) classes.push("current");
          if (definition.states[node.id]?.final) classes.push("final");
          return (
            <g key={node.id} class={classes.join(" ")}>
              <rect x={node.x - node.width / 2} y={node.y - node.height / 2} width={node.width} height={node.height}
                rx={definition.states[node.id]?.final ? node.height / 2 : 6} />
              <text x={node.x} y={node.y + 4.5}>{pick(definition.states[node.id]?.title, node.id)}</text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}
