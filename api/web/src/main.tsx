// SPDX-License-Identifier: Apache-2.0
import { render } from "preact";
import "./styles.css";
import { App } from "./app";
import { start_router } from "./router";
import { find_person } from "./state/session";
import { apply_settings } from "./state/settings";

async function start(): Promise<void> {
  start_router();
  await Promise.all([apply_settings(), find_person()]);
  render(<App />, document.getElementById("page")!);
}

void start();
