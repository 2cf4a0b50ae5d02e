// SPDX-License-Identifier: Apache-2.0
// The frame around every screen, and the choice of the screen by the address.
import { useEffect } from "preact/hooks";
import { Bottom } from "./parts/bottom";
import { ErrorStop } from "./parts/error_stop";
import { Menu } from "./parts/menu";
import { Notices } from "./parts/notices";
import { Outlet } from "./parts/outlet";
import { PrintLine } from "./parts/print_line";
import { SessionDialog } from "./parts/session_dialog";
import { SignInPage } from "./parts/sign_in";
import { Top } from "./parts/top";
import { key_help_open, palette_open, start_keys } from "./keys";
import { Lazy } from "./parts/lazy";
import { address } from "./router";
import { find_route } from "./routes";
import { load_directory } from "./state/directory";
import { start_live, stop_live } from "./state/live";
import { person } from "./state/session";
import { settings } from "./state/settings";
import { refresh_counts } from "./state/counts";
import { t } from "./text";
import { WaitingTasks } from "./parts/account_tasks";

const palettes = () => import("./parts/palette").then((module) => module.Palettes);

function Frame() {
  const id = person.value?.person;
  useEffect(() => {
    if (!id) return;
    void load_directory().catch(() => undefined);
    // What the screen itself asks for goes first.
    const counting = window.setTimeout(() => void refresh_counts(), 1500);
    start_live();
    const stop_keys = start_keys();
    return () => {
      window.clearTimeout(counting);
      stop_live();
      stop_keys();
    };
  }, [id]);
  return (
    <div class="shell" data-folded={String(settings.value.menu_folded)}>
      <a class="skip" href="#content">{t("shell.skip")}</a>
      <Menu />
      <div class="main">
        <Top />
        <main id="content" tabIndex={-1}>
          <ErrorStop key={address.value.path}>
            <Outlet />
          </ErrorStop>
          <PrintLine />
        </main>
      </div>
      <Bottom />
      {(palette_open.value || key_help_open.value) && <Lazy load={palettes} />}
      <SessionDialog />
      <Notices />
    </div>
  );
}

export function App() {
  const known = person.value;
  if (!known && find_route(address.value.path)?.route.open) {
    return (
      <main id="content" tabIndex={-1}>
        <Outlet />
      </main>
    );
  }
  if (!known) return <SignInPage />;
  if (known.pending) return <WaitingTasks />;
  return <Frame />;
}
