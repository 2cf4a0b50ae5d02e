// SPDX-License-Identifier: Apache-2.0
import { signal } from "@preact/signals";

const narrow = window.matchMedia("(max-width: 760px)");

// As wide as one hand holds; the same limit stands in the styles.
export const phone = signal(narrow.matches);

narrow.addEventListener("change", (event) => (phone.value = event.matches));
