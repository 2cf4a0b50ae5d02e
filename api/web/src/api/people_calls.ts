// SPDX-License-Identifier: Apache-2.0
// What an administrator asks of the accounts.
import { call, get, post } from "./client";
import type { Account, NewAccount, NewUnit, OneTimePassword, PersonPatch, PersonRequest, Unit, UnitChange } from "./contract";

const one = (id: string) => `/api/v1/people/${encodeURIComponent(id)}`;

export const list_accounts = (signal?: AbortSignal) => get<{ items: Account[] }>("/api/v1/people", undefined, signal).then((page) => page.items);
export const add_account = (body: PersonRequest) => post<NewAccount>("/api/v1/people", body);
export const change_account = (id: string, body: PersonPatch, revision: number) =>
  call<Account>(one(id), { method: "PATCH", body, if_match: revision }).then((answer) => answer.body);
export const new_password = (id: string) =>
  call<OneTimePassword>(`${one(id)}/password`, { method: "POST" }).then((answer) => answer.body.one_time_password);
export const drop_second_factor = (id: string) => call<null>(`${one(id)}/second-factor`, { method: "DELETE" });

const one_unit = (id: string) => `/api/v1/units/${encodeURIComponent(id)}`;

export const add_unit = (body: NewUnit) => post<Unit>("/api/v1/units", body);
export const change_unit = (id: string, body: UnitChange, revision: number) =>
  call<Unit>(one_unit(id), { method: "PATCH", body, if_match: revision }).then((answer) => answer.body);
