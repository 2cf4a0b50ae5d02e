// SPDX-License-Identifier: Apache-2.0
// What moves to the version in force, what would not fit, and the move itself, batch by batch.
import { useState } from "preact/hooks";
import type { DefinitionLine, Migration, MigrationRequest } from "../../api/contract";
import { list_definitions, look_at_migration, migrate_batch } from "../../api/definition_calls";
import { RequestProblem } from "../../api/problem";
import { CodeEditor } from "../../parts/code_editor";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { Loading, Trouble } from "../../parts/trouble";
import { address } from "../../router";
import { notify } from "../../state/notice";
import { forget, use_resource } from "../../state/resource";
import { use_saving } from "../../state/saving";
import { pick, t, t_or } from "../../text";
import { definitions_key, left_behind } from "./versions";

function States({ outlook }: { outlook: Migration }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t("migration.states")}>
      <table>
        <caption>{t("migration.states")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("administration.version")}</th><th scope="col">{t("migration.from")}</th><th scope="col">{t("migration.to")}</th>
            <th scope="col" class="number">{t("migration.cases")}</th><th scope="col" class="number">{t("migration.unfit")}</th>
          </tr>
        </thead>
        <tbody>
          {(outlook.states ?? []).map((line) => (
            <tr key={`${line.version}/${line.state}`}>
              <td>{line.version}</td><th scope="row">{pick(line.title, line.state)}</th><td>{line.to_title ? pick(line.to_title, line.to ?? "") : "—"}</td>
              <td class="number">{line.cases}</td><td class="number">{line.unfit > 0 ? <span class="chip red">{line.unfit}</span> : 0}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Clocks({ outlook }: { outlook: Migration }) {
  const lines = outlook.deadlines ?? [];
  if (lines.length === 0) return null;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t("migration.deadlines")}>
      <table>
        <caption>{t("migration.deadlines")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("migration.deadline")}</th><th scope="col" class="number">{t("migration.cases")}</th><th scope="col">{t("migration.why")}</th>
            <th scope="col" class="number">{t("migration.earlier")}</th><th scope="col" class="number">{t("migration.later")}</th>
            <th scope="col" class="number">{t("migration.overdue")}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={`${line.version}/${line.deadline}/${line.clock}`}>
              <th scope="row">{pick(line.title, line.deadline)}</th><td class="number">{line.cases}</td><td><span class="title">{pick(line.why)}</span></td>
              <td class="number">{line.earlier}</td><td class="number">{line.later}</td><td class="number">{line.overdue}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Unfit({ outlook }: { outlook: Migration }) {
  if (outlook.unfit === 0) return null;
  const shown = outlook.unfit_cases ?? [];
  return (
    <section class="stack">
      <h3>{t("migration.unfit_title", { count: outlook.unfit })}</h3>
      <ul>
        {(outlook.reasons ?? []).map((reason) => (
          <li key={`${reason.code}${reason.pointer}`}>{t_or(`migration.reason.${reason.code}`, reason.code)} <span class="mono">{reason.pointer}</span> {t("migration.reason_cases", { count: reason.cases })}</li>
        ))}
      </ul>
      <ul class="list">
        {shown.map((one) => (
          <li key={one.id}>
            <a class="title" href={`/case/${one.id}`}>{one.number}</a>
            {one.reasons.map((reason, index) => <p key={index}><span class="mono">{reason.pointer}</span> {pick(reason.text)} {pick(reason.remedy)}</p>)}
          </li>
        ))}
      </ul>
      {shown.length < outlook.unfit && <p class="muted">{t("migration.not_named", { count: outlook.unfit - shown.length })}</p>}
    </section>
  );
}

interface Looked {
  outlook: Migration;
  tag: string;
  plan: MigrationRequest;
}

function Planning({ line, reload }: { line: DefinitionLine; reload: () => void }) {
  const [map, set_map] = useState("");
  const [reason, set_reason] = useState("");
  const [looked, set_looked] = useState<Looked | undefined>(undefined);
  const [leave_unfit, set_leave_unfit] = useState(false);
  const [asking, set_asking] = useState(false);
  const [progress, set_progress] = useState<{ moved: number; of: number } | undefined>(undefined);
  const { problem, busy, attempt } = use_saving();
  const changed = () => set_looked(undefined);

  const look = () => attempt(async () => {
    let given: Record<string, unknown> | null = null;
    if (map.trim()) {
      try {
        given = JSON.parse(map) as Record<string, unknown>;
      } catch (fault) {
        throw new RequestProblem(422, "malformed_json", { detail: t("migration.map_malformed", { detail: String(fault) }) });
      }
    }
    const plan: MigrationRequest = { to: line.version, map: given, reason };
    set_looked({ ...(await look_at_migration(line.id, plan)), plan });
    set_progress(undefined);
  });
  const fitting = looked ? (looked.outlook.cases ?? 0) - looked.outlook.unfit : 0;
  const move = () => attempt(async () => {
    set_asking(false);
    const { plan, tag } = looked!;
    let moved = 0;
    let cursor: string | undefined;
    set_progress({ moved, of: fitting });
    do {
      const batch: Migration = await migrate_batch(line.id, { ...plan, leave_unfit, ...(cursor ? { cursor } : {}) }, tag);
      moved += batch.moved ?? 0;
      cursor = batch.next_cursor ?? undefined;
      set_progress({ moved, of: Math.max(fitting, moved) });
    } while (cursor);
    forget(definitions_key);
    notify(t("migration.done", { count: moved }));
    set_looked(undefined);
    reload();
  });
  return (
    <section class="card stack">
      <h2>{t("migration.heading", { workflow: pick(line.title, line.id), version: line.version })}</h2>
      <p>{t("migration.explain", { count: left_behind(line) })}</p>
      {problem && <Trouble problem={problem} />}
      <details>
        <summary>{t("migration.map")}</summary>
        <p class="help">{t("migration.map_help")}</p>
        <pre class="mono">{'{"states": {"found": "reported"}, "fields": {"old": null}, "deadlines": {"report": {"to": "report", "clock": "recompute"}}}'}</pre>
        <CodeEditor small label={t("migration.map")} text={map} change={(text) => { set_map(text); changed(); }} />
      </details>
      <Field id="migration-reason" label={t("migration.reason")} help={t("migration.reason_help")}>
        <input id="migration-reason" maxLength={500} aria-describedby="migration-reason-help" value={reason}
          onInput={(event) => { set_reason(event.currentTarget.value); changed(); }} />
      </Field>
      <div class="row"><button type="button" class={looked ? "" : "primary"} disabled={busy} onClick={() => void look()}>{t("migration.look")}</button></div>
      {progress && (
        <p role="status"><progress max={progress.of || 1} value={progress.moved} aria-label={t("migration.progress_label")} /> {t("migration.progress", { ...progress })}</p>
      )}
      {looked && (
        <>
          <p role="status">{t("migration.would", { count: fitting, unfit: looked.outlook.unfit, lapsing: looked.outlook.lapsing ?? 0 })}</p>
          <States outlook={looked.outlook} />
          <Clocks outlook={looked.outlook} />
          <Unfit outlook={looked.outlook} />
          {looked.outlook.unfit > 0 && (
            <label class="row"><input type="checkbox" checked={leave_unfit} onChange={(event) => set_leave_unfit(event.currentTarget.checked)} /> {t("migration.leave_unfit")}</label>
          )}
          <div class="row">
            <button type="button" class="primary" disabled={busy || fitting === 0 || (looked.outlook.unfit > 0 && !leave_unfit)}
              onClick={() => set_asking(true)}>{t("migration.move", { count: fitting })}</button>
          </div>
        </>
      )}
      {asking && (
        <Dialog title={t("migration.ask", { count: fitting })} close={() => set_asking(false)}>
          <p>{t("migration.undo")}</p>
          <div class="finish">
            <button type="button" onClick={() => set_asking(false)}>{t("shell.cancel")}</button>
            <button type="button" class="primary" onClick={() => void move()}>{t("migration.confirm")}</button>
          </div>
        </Dialog>
      )}
    </section>
  );
}

export function Moving() {
  const id = address.value.query.get("workflow") ?? "";
  const loaded = use_resource(definitions_key, list_definitions);
  const line = loaded.value?.find((one) => one.id === id);
  return (
    <>
      <p><a href={`/administration/definitions?workflow=${encodeURIComponent(id)}`}>{t("editor.back")}</a></p>
      {loaded.problem ? <Trouble problem={loaded.problem} retry={loaded.reload} />
        : line ? <Planning key={`${id}@${line.version}`} line={line} reload={loaded.reload} /> : <Loading />}
    </>
  );
}
