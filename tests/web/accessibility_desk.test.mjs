// SPDX-License-Identifier: Apache-2.0
import { check_all_screens } from "./support/accessibility.mjs";

check_all_screens("desk");
