// SPDX-License-Identifier: Apache-2.0
// A ledger back in: what it would do first, and only then done.
import { useRef, useState } from "preact/hooks";
import { call, call_for_file } from "../api/client";
import type { ImportSummary } from "../api/contract";
import { as_problem } from "../api/problem";
import type { RequestProblem } from "../api/problem";
import { language, pick, t } from "../text";
import { Dialog } from "./dialog";
import { Field } from "./field";
import { Trouble } from "./trouble";

const first_faults = 20;

function Summary({ summary }: { summary: ImportSummary }) {
  const counts = {
    rows: summary.rows, unchanged: summary.unchanged, changed: summary.changed, opened: summary.opened,
    repeated: summary.repeated, refused: summary.refused,
  };
  return (
    <div class="stack">
      <p role="status">{summary.stored ? t("import.stored") : t("import.looked")} {t("import.counts", counts)}</p>
      {summary.faults.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={t("import.faults")}>
          <table class="tight">
            <thead><tr><th scope="col" class="number">{t("import.row")}</th><th scope="col">{t("import.column")}</th><th scope="col">{t("import.fault")}</th></tr></thead>
            <tbody>
              {summary.faults.slice(0, first_faults).map((fault, index) => (
                <tr key={index}><td class="number">{fault.row}</td><td>{fault.column ?? "–"}</td><td>{pick(fault.text)}</td></tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

export function ImportDialog({ workflow, close, done }: { workflow: string; close: () => void; done: () => void }) {
  const chosen = useRef<HTMLInputElement>(null);
  const [summary, set_summary] = useState<ImportSummary | undefined>(undefined);
  const [problem, set_problem] = useState<RequestProblem | undefined>(undefined);
  const [busy, set_busy] = useState(false);
  const asked = (more: Record<string, string>) => ({
    method: "POST" as const,
    query: { lang: language.value, workflow: workflow || undefined, ...more },
    bytes: chosen.current!.files![0]!,
    headers: { "Content-Type": "application/octet-stream" },
  });
  const attempt = async (work: () => Promise<void>) => {
    set_problem(undefined);
    set_busy(true);
    try {
      await work();
    } catch (fault) {
      set_problem(as_problem(fault));
    }
    set_busy(false);
  };
  const look = (event: Event) => {
    event.preventDefault();
    void attempt(async () => set_summary((await call<ImportSummary>("/api/v1/imports", asked({ dry_run: "true" }))).body));
  };
  const store = (skip: boolean) => attempt(async () => {
    set_summary((await call<ImportSummary>("/api/v1/imports", asked({ dry_run: "false", skip_faulty: String(skip) }))).body);
    done();
  });
  const report = () => attempt(async () => {
    const file = await call_for_file("/api/v1/imports", asked({ dry_run: "true", report: "true" }));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file.blob);
    link.download = file.name;
    link.click();
    URL.revokeObjectURL(link.href);
  });
  const good = summary ? summary.changed + summary.opened : 0;
  return (
    <Dialog title={t("import.title")} close={close} wide>
      <form class="stack" onSubmit={look}>
        <p class="muted">{t("import.explain")}</p>
        {problem && <Trouble problem={problem} />}
        <Field id="import-file" label={t("import.file")}>
          <input id="import-file" type="file" required ref={chosen} accept=".xlsx,.csv" onChange={() => set_summary(undefined)} />
        </Field>
        {summary && <Summary summary={summary} />}
        <div class="row">
          <button type="submit" disabled={busy}>{t("import.look")}</button>
          {summary && !summary.stored && good > 0 && (
            <button type="button" class="primary" disabled={busy} onClick={() => void store(summary.refused > 0)}>
              {summary.refused > 0 ? t("import.store_good", { count: good }) : t("import.store", { count: good })}
            </button>
          )}
          {summary && summary.refused > 0 && <button type="button" disabled={busy} onClick={() => void report()}>{t("import.report")}</button>}
        </div>
      </form>
    </Dialog>
  );
}
