// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";
import type { Account } from "../../api/contract";
import { add_account, change_account, drop_second_factor, new_password } from "../../api/people_calls";
import { Dialog } from "../../parts/dialog";
import { DraftLine } from "../../parts/draft_line";
import { Field } from "../../parts/field";
import { Trouble } from "../../parts/trouble";
import { UnitSelect } from "../../parts/unit_select";
import { use_kept_form } from "../../state/form_drafts";
import { notify } from "../../state/notice";
import { use_saving } from "../../state/saving";
import { t, t_or } from "../../text";

const all_roles = [
  "inspector", "handler", "dept_head", "supervisor", "intake_clerk", "legal_reviewer", "police_liaison", "procuratorate_liaison",
  "court_liaison", "discipline_officer", "district_leader", "auditor", "admin",
];

interface PersonDialogProps {
  // Nobody: a new person.
  account?: Account;
  close: () => void;
  changed: () => void;
}

export function PersonDialog({ account, close, changed }: PersonDialogProps) {
  const { draft, value, set, discard } = use_kept_form(`account/${account?.id ?? ""}@${account?.revision ?? 0}`, {
    name: account?.name ?? "", full_name: account?.full_name ?? "", unit: account?.unit as string | undefined,
    roles: (account?.roles ?? []) as readonly string[], active: account?.active ?? true, leader: account?.duty_leader ?? false,
  });
  const { name, full_name, unit, roles, active, leader } = value;
  const { problem, busy, attempt } = use_saving();
  const [once, set_once] = useState("");
  const save = () => attempt(async () => {
    const body = { full_name: full_name.trim(), unit: unit ?? "", roles: [...roles], duty_leader: leader };
    if (account) {
      await change_account(account.id, { ...body, active }, account.revision);
      notify(t("administration.saved"));
      close();
    } else {
      set_once((await add_account({ ...body, name: name.trim() })).one_time_password);
    }
    await draft.drop();
    changed();
  });

  const title = account ? t("administration.change_one", { name: account.full_name }) : t("administration.add_person");
  if (once) {
    return (
      <Dialog title={title} close={close} firm>
        <p class="told">{t("administration.password_once")}</p>
        <p class="told-once"><code>{once}</code></p>
        <div class="finish"><button type="button" class="primary" onClick={close}>{t("administration.noted")}</button></div>
      </Dialog>
    );
  }
  return (
    <Dialog title={title} close={close}>
      <form class="stack" noValidate onSubmit={(event) => { event.preventDefault(); void save(); }}>
        {problem && <Trouble problem={problem} />}
        {!account && (
          <Field id="person-name" label={t("sign_in.name")} required>
            <input id="person-name" value={name} maxLength={64} autoCapitalize="none" autoComplete="off" onInput={(event) => set({ name: event.currentTarget.value })} />
          </Field>
        )}
        <Field id="person-full" label={t("settings.name")} required>
          <input id="person-full" value={full_name} maxLength={100} autoComplete="off" onInput={(event) => set({ full_name: event.currentTarget.value })} />
        </Field>
        <Field id="person-unit" label={t("board.unit")} required>
          <UnitSelect id="person-unit" value={unit} change={(chosen) => set({ unit: chosen })} />
        </Field>
        <Field id="person-roles" label={t("settings.roles")} group>
          <div class="choices">
            {all_roles.map((role) => (
              <label key={role}>
                <input type="checkbox" checked={roles.includes(role)}
                  onChange={(event) => set({ roles: event.currentTarget.checked ? [...roles, role] : roles.filter((other) => other !== role) })} />
                {t_or(`role.${role}`, role)}
              </label>
            ))}
          </div>
        </Field>
        <div class="choices">
          <label><input type="checkbox" checked={leader} onChange={(event) => set({ leader: event.currentTarget.checked })} />{t("administration.duty_leader")}</label>
          {account && <label><input type="checkbox" checked={active} onChange={(event) => set({ active: event.currentTarget.checked })} />{t("administration.may_sign_in")}</label>}
        </div>
        {account && (
          <div class="row">
            <button type="button" disabled={busy} onClick={() => void attempt(async () => set_once(await new_password(account.id)))}>{t("administration.new_password")}</button>
            {account.second_factor && (
              <button type="button" disabled={busy} onClick={() => void attempt(async () => {
                await drop_second_factor(account.id);
                notify(t("administration.second_factor_dropped"));
                changed();
                close();
              })}>{t("administration.drop_second_factor")}</button>
            )}
          </div>
        )}
        <div class="finish">
          <DraftLine draft={draft} discard={discard} />
          <button type="button" onClick={close}>{t("shell.cancel")}</button>
          <button type="submit" class="primary" disabled={busy}>{t("administration.save")}</button>
        </div>
      </form>
    </Dialog>
  );
}
