// SPDX-License-Identifier: Apache-2.0
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { address } from "../router";
import { find_route } from "../routes";
import type { ScreenProps } from "../routes";
import { t } from "../text";
import { Trouble } from "./trouble";
import { as_problem } from "../api/problem";
import type { RequestProblem } from "../api/problem";

let shown_before = false;
const fetched = new Map<string, ComponentType<ScreenProps>>();

// Shows the screen of this address; its code is fetched when it is first wanted.
export function Outlet() {
  const found = find_route(address.value.path);
  const [, redraw] = useState(0);
  const [problem, set_problem] = useState<RequestProblem | undefined>(undefined);
  const pattern = found?.route.pattern;

  useEffect(() => {
    const name = found ? t(found.route.title) : t("shell.no_such_page");
    document.title = `${name} · ${t("shell.product")}`;
  });
  useEffect(() => {
    set_problem(undefined);
    if (!found || !pattern || fetched.has(pattern)) return;
    found.route.load().then(
      (module) => {
        fetched.set(pattern, module.default);
        redraw((count) => count + 1);
      },
      (fault) => set_problem(as_problem(fault)),
    );
  }, [pattern]);
  // A new page is announced by where the focus is: at its beginning.
  useEffect(() => {
    if (!shown_before) shown_before = true;
    else document.getElementById("content")?.focus({ preventScroll: true });
  }, [address.value.path]);

  if (!found) return <div class="empty"><h1>{t("shell.no_such_page")}</h1><p><a href="/">{t("screen.workbench")}</a></p></div>;
  if (problem) return <Trouble problem={problem} retry={() => location.reload()} />;
  const Screen = fetched.get(found.route.pattern);
  if (!Screen) return <p class="muted" role="status">{t("shell.loading")}</p>;
  return <Screen key={address.value.path} parameters={found.parameters} />;
}
