// SPDX-License-Identifier: Apache-2.0
// Every address of the page: its pattern, its name, who finds it in the menu, and the screen, fetched when shown.
import type { ComponentType } from "preact";
import type { IconName } from "./parts/icon";
import type { MessageKey } from "./text";

export interface ScreenProps {
  parameters: Readonly<Record<string, string>>;
}

export interface Route {
  pattern: string;
  title: MessageKey;
  load: () => Promise<{ default: ComponentType<ScreenProps> }>;
  // Where it stands in the menu; what has no icon stands in none.
  icon?: IconName;
  // Whom the menu offers it; everybody when absent. The server decides what they see there.
  roles?: readonly string[];
  // Below the line in the menu.
  after?: boolean;
  // Shown to who is not signed in as well.
  open?: boolean;
}

const field_roles = ["inspector", "handler", "dept_head", "supervisor"] as const;

export const routes: readonly Route[] = [
  { pattern: "/", title: "screen.workbench", icon: "home", load: () => import("./screens/workbench") },
  { pattern: "/worklist", title: "screen.worklist", icon: "inbox", load: () => import("./screens/worklist") },
  { pattern: "/handled", title: "screen.handled", load: () => import("./screens/handled") },
  { pattern: "/opened", title: "screen.opened", load: () => import("./screens/opened") },
  { pattern: "/ledger", title: "screen.ledger", icon: "table", load: () => import("./screens/ledger") },
  { pattern: "/ledger/:workflow", title: "screen.ledger", load: () => import("./screens/ledger") },
  { pattern: "/case/:id", title: "screen.case", load: () => import("./screens/case") },
  { pattern: "/open/:workflow", title: "screen.open_case", load: () => import("./screens/open_case") },
  {
    pattern: "/board", title: "screen.board", icon: "gauge", load: () => import("./screens/board"),
    roles: ["supervisor", "district_leader", "dept_head", "auditor", "discipline_officer", "admin"],
  },
  {
    pattern: "/pipeline", title: "screen.pipeline", icon: "scale", load: () => import("./screens/pipeline"),
    roles: [
      "police_liaison", "procuratorate_liaison", "court_liaison", "supervisor", "handler", "dept_head",
      "legal_reviewer", "auditor",
    ],
  },
  {
    pattern: "/complaints", title: "screen.complaints", icon: "phone", load: () => import("./screens/complaints"),
    roles: ["intake_clerk", "supervisor", "handler", "dept_head", "auditor"],
  },
  {
    pattern: "/approvals", title: "screen.approvals", icon: "stamp", load: () => import("./screens/approvals"),
    roles: ["supervisor", "dept_head", "district_leader", "handler"],
  },
  {
    pattern: "/responsibilities", title: "screen.responsibilities", icon: "list",
    load: () => import("./screens/responsibilities"), open: true,
  },
  { pattern: "/annual", title: "screen.annual", icon: "book", load: () => import("./screens/annual") },
  {
    pattern: "/report", title: "screen.report", icon: "camera", load: () => import("./screens/report"),
    roles: field_roles,
  },
  {
    pattern: "/drafts", title: "screen.drafts", icon: "draft", load: () => import("./screens/drafts"),
    roles: field_roles,
  },
  {
    pattern: "/nearby", title: "screen.nearby", icon: "pin", load: () => import("./screens/nearby"),
    roles: field_roles,
  },
  {
    pattern: "/audit", title: "screen.audit", icon: "eye", load: () => import("./screens/audit"), roles: ["auditor"],
  },
  {
    pattern: "/administration", title: "screen.administration", icon: "gear",
    load: () => import("./screens/administration"), roles: ["admin"],
  },
  {
    pattern: "/administration/:part", title: "screen.administration", load: () => import("./screens/administration"),
    roles: ["admin"],
  },
  { pattern: "/settings", title: "screen.settings", icon: "person", load: () => import("./screens/settings"), after: true },
  { pattern: "/help", title: "screen.help", icon: "question", load: () => import("./screens/help"), after: true },
];

export function find_route(path: string): { route: Route; parameters: Record<string, string> } | undefined {
  const parts = path.replace(/\/+$/, "").split("/");
  for (const route of routes) {
    const wanted = route.pattern.replace(/\/+$/, "").split("/");
    if (wanted.length !== parts.length) continue;
    const parameters: Record<string, string> = {};
    const fits = wanted.every((part, index) => {
      const given = parts[index] ?? "";
      if (!part.startsWith(":")) return part === given;
      parameters[part.slice(1)] = decodeURIComponent(given);
      return given !== "";
    });
    if (fits) return { route, parameters };
  }
  return undefined;
}
