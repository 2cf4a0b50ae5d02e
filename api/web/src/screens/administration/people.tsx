// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";
import type { Account } from "../../api/contract";
import { list_accounts } from "../../api/people_calls";
import { Field } from "../../parts/field";
import { Empty, Loading, Trouble } from "../../parts/trouble";
import { UnitSelect } from "../../parts/unit_select";
import { address, change_query } from "../../router";
import { use_resource } from "../../state/resource";
import { pick, t, t_or } from "../../text";
import { PersonDialog } from "./person_dialog";

const at_first = 50;

function fits(account: Account, words: string, unit: string): boolean {
  if (unit && account.unit !== unit) return false;
  return !words || `${account.name} ${account.full_name}`.toLowerCase().includes(words.toLowerCase());
}

export function People() {
  const list = use_resource("administration/people", (signal) => list_accounts(signal));
  const [open, set_open] = useState<Account | "new" | undefined>(undefined);
  const [whole, set_whole] = useState(false);
  const query = address.value.query;
  const found = (list.value ?? []).filter((account) => fits(account, query.get("q") ?? "", query.get("unit") ?? ""));
  const shown = whole ? found : found.slice(0, at_first);
  return (
    <>
      <form class="filters" aria-label={t("ledger.filters")} onSubmit={(event) => event.preventDefault()}>
        <Field id="people-q" label={t("administration.find_person")}>
          <input id="people-q" type="search" value={query.get("q") ?? ""} onInput={(event) => change_query({ q: event.currentTarget.value }, { replace: true })} />
        </Field>
        <Field id="people-unit" label={t("board.unit")}>
          <UnitSelect id="people-unit" value={query.get("unit") ?? ""} nothing={t("ledger.all")}
            change={(unit) => change_query({ unit: unit ?? null }, { replace: true })} />
        </Field>
        <button type="button" class="primary" onClick={() => set_open("new")}>{t("administration.add_person")}</button>
      </form>
      {list.problem && <Trouble problem={list.problem} retry={list.reload} />}
      {!list.value && !list.problem && <Loading />}
      {list.value && found.length === 0 && <Empty>{t("administration.nobody")}</Empty>}
      {found.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={t("administration.people_table")}>
          <table class="stacked">
            <caption>{t("administration.people_count", { count: found.length })}</caption>
            <thead>
              <tr>
                <th scope="col">{t("settings.name")}</th><th scope="col">{t("sign_in.name")}</th><th scope="col">{t("board.unit")}</th>
                <th scope="col">{t("settings.roles")}</th><th scope="col">{t("administration.account")}</th><th scope="col">{t("administration.change")}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((account) => (
                <tr key={account.id}>
                  <th scope="row">{account.full_name}</th>
                  <td data-label={t("sign_in.name")}>{account.name}</td>
                  <td data-label={t("board.unit")}>{pick(account.unit_title, account.unit)}</td>
                  <td data-label={t("settings.roles")}>{account.roles.map((role) => t_or(`role.${role}`, role)).join(t("text.and"))}</td>
                  <td data-label={t("administration.account")}>
                    <span class={`chip ${account.active ? "green" : ""}`}>{account.active ? t("administration.active") : t("administration.inactive")}</span>{" "}
                    {account.second_factor && <span class="chip blue">{t("settings.second_factor")}</span>}
                  </td>
                  <td>
                    <button type="button" class="small" aria-label={t("administration.change_one", { name: account.full_name })}
                      onClick={() => set_open(account)}>{t("administration.change")}</button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found.length > at_first && !whole && (
        <p><button type="button" onClick={() => set_whole(true)}>{t("administration.show_all", { count: found.length })}</button></p>
      )}
      {open && <PersonDialog account={open === "new" ? undefined : open} close={() => set_open(undefined)} changed={list.reload} />}
    </>
  );
}
