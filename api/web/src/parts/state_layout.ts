// SPDX-License-Identifier: Apache-2.0
import dagre from "@dagrejs/dagre";
import type { Definition } from "../api/definition";
import { pick } from "../text";

interface Point {
  x: number;
  y: number;
}

export interface Layout {
  width: number;
  height: number;
  nodes: Array<Point & { id: string; width: number; height: number }>;
  edges: Array<{ from: string; to: string; names: string[]; path: string; middle: Point }>;
}

const letter = 7.6;
const wide_letter = 13.6;

// Wide enough for its title at 13 px: Chinese letters are square, others about half as wide.
function width_of(text: string): number {
  const letters = [...text].reduce((sum, one) => sum + (one.charCodeAt(0) > 0x2e7f ? wide_letter : letter), 0);
  return Math.max(64, letters + 22);
}

// From corner to corner the line bends, so that back-edges are told from forward ones.
function path_of(points: readonly Point[]): string {
  const [first, ...rest] = points;
  let path = `M${first!.x.toFixed(1)} ${first!.y.toFixed(1)}`;
  for (let index = 0; index < rest.length - 1; index++) {
    const here = rest[index]!;
    const next = rest[index + 1]!;
    const end = index === rest.length - 2 ? next : { x: (here.x + next.x) / 2, y: (here.y + next.y) / 2 };
    path += `Q${here.x.toFixed(1)} ${here.y.toFixed(1)} ${end.x.toFixed(1)} ${end.y.toFixed(1)}`;
  }
  return path;
}

export function lay_out(definition: Definition): Layout {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 16, ranksep: 34, marginx: 14, marginy: 22 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [id, state] of Object.entries(definition.states)) {
    graph.setNode(id, { width: width_of(pick(state.title, id)), height: 34 });
  }
  const names = new Map<string, string[]>();
  for (const [name, transition] of Object.entries(definition.transitions)) {
    for (const from of transition.from ?? []) {
      if (!transition.to || transition.to === from) continue;
      const key = `${from}>${transition.to}`;
      names.set(key, [...(names.get(key) ?? []), name]);
      graph.setEdge(from, transition.to);
    }
  }
  dagre.layout(graph);
  const size = graph.graph();
  return {
    width: Math.ceil(size.width ?? 0),
    height: Math.ceil(size.height ?? 0),
    nodes: graph.nodes().map((id) => {
      const { x, y, width, height } = graph.node(id);
      return { id, x, y, width, height };
    }),
    edges: graph.edges().map(({ v, w }) => {
      const points = graph.edge(v, w).points as Point[];
      return {
        from: v, to: w, names: names.get(`${v}>${w}`) ?? [], path: path_of(points),
        middle: points[Math.floor(points.length / 2)]!,
      };
    }),
  };
}
