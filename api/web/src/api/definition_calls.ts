// SPDX-License-Identifier: Apache-2.0
// What an administrator asks of the definitions and of the cases that run by them.
import { call, get, post } from "./client";
import type {
  DefinitionDraft, DefinitionLine, DefinitionText, DefinitionVerdict, DefinitionVersion, Migration, MigrationRequest,
} from "./contract";

const all = "/api/v1/definitions";
const one = (id: string) => `${all}/${encodeURIComponent(id)}`;

export const list_definitions = (signal?: AbortSignal) =>
  get<{ items: DefinitionLine[] }>(all, undefined, signal).then((page) => page.items);
export const definition_text = (id: string, version: string, signal?: AbortSignal) =>
  get<DefinitionText>(`${one(id)}/versions/${encodeURIComponent(version)}`, undefined, signal);
export const check_definition = (draft: DefinitionDraft, signal?: AbortSignal) =>
  post<DefinitionVerdict>(`${all}/check`, draft, { signal });
export const save_definition = (draft: DefinitionDraft) => post<DefinitionVersion>(all, draft);

// With the tag that names exactly what was looked at.
export const look_at_migration = (id: string, plan: MigrationRequest) =>
  call<Migration>(`${one(id)}/migrations`, { method: "POST", body: { ...plan, dry_run: true } })
    .then(({ body, headers }) => ({ outlook: body, tag: headers.get("ETag") ?? "" }));
export const migrate_batch = (id: string, plan: MigrationRequest, tag: string) =>
  post<Migration>(`${one(id)}/migrations`, { ...plan, dry_run: false }, { headers: { "If-Match": tag } });
