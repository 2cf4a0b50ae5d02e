// SPDX-License-Identifier: Apache-2.0
import { render } from "preact";
import "./styles.css";
import { App } from "./app";
import { address, start_router } from "./router";
import { find_route } from "./routes";
import { find_person } from "./state/session";
import { apply_settings } from "./state/settings";

async function start(): Promise<void> {
  start_router();
  void find_person();
  // The screen's code comes along with the rest instead of after it.
  void find_route(address.value.path)?.route.load().catch(() => undefined);
  await apply_settings();
  render(<App />, document.getElementById("page")!);
  void import("./offline/start").then((module) => module.start_offline());
}

void start();
