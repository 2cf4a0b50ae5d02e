// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";

const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export function launch_options() {
  const executablePath = places.find((place) => place && existsSync(place));
  if (!executablePath) throw new Error("Chromium is missing: apt install chromium");
  return { executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] };
}
