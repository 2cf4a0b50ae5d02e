// SPDX-License-Identifier: Apache-2.0
// A session that ended in the middle of something: sign in over the page, and what was asked for goes on.
import { sign_in_settled, sign_in_wanted } from "../api/client";
import type { Person } from "../api/contract";
import { person, set_person } from "../state/session";
import { t } from "../text";
import { Dialog } from "./dialog";
import { SignInForm } from "./sign_in";

function signed_in(now: Person): void {
  const before = person.value;
  set_person(now);
  if (before && before.person !== now.person) {
    // Somebody else must neither see nor send what the first person had open.
    sign_in_settled(false);
    location.assign("/");
    return;
  }
  sign_in_settled(true);
}

export function SessionDialog() {
  if (!sign_in_wanted.value) return null;
  return (
    <Dialog title={t("sign_in.again")} close={() => sign_in_settled(false)}>
      <div class="stack">
        <p>{t("sign_in.again_why")}</p>
        <SignInForm name={person.value?.name} done={signed_in} />
      </div>
    </Dialog>
  );
}
