// SPDX-License-Identifier: Apache-2.0
// A definition as a text, beside its diagram and its faults. It may be saved when exactly this text is sound and its
// scenarios have passed.
import { useEffect, useRef, useState } from "preact/hooks";
import type { DefinitionFault, DefinitionText, DefinitionVerdict, ScenarioText } from "../../api/contract";
import { check_definition, definition_text, save_definition } from "../../api/definition_calls";
import { as_problem } from "../../api/problem";
import type { RequestProblem } from "../../api/problem";
import { CodeEditor } from "../../parts/code_editor";
import type { CodeEditorHandle } from "../../parts/code_editor_library";
import { DraftLine } from "../../parts/draft_line";
import { Loading, Trouble } from "../../parts/trouble";
import { address, navigate } from "../../router";
import { renew_definition, workflows } from "../../state/directory";
import { use_form_draft } from "../../state/form_drafts";
import { notify } from "../../state/notice";
import { forget, use_resource } from "../../state/resource";
import { use_saving } from "../../state/saving";
import { pick, t } from "../../text";
import { definitions_key } from "./versions";

const wait_before_check = 700;

interface Written {
  text: string;
  scenarios: ScenarioText[];
}

// "2" for "1": what is saved is always a further version.
function next_version(version: string): string {
  return /^\d{1,9}$/.test(version) ? String(Number(version) + 1) : `${version}1`;
}

function with_version(text: string, version: string): string {
  return text.replace(/("version"\s*:\s*)"[^"]*"/, (_, before: string) => `${before}${JSON.stringify(version)}`);
}

// The fault's own words, and where it is.
function fault_text(fault: DefinitionFault): string {
  return [pick(fault.text), pick(fault.remedy)].filter(Boolean).join(" ");
}

function Faults({ faults, go_to }: { faults: readonly DefinitionFault[]; go_to: (fault: DefinitionFault) => void }) {
  return (
    <ul class="list">
      {faults.map((fault, index) => (
        <li key={index}>
          <p>{fault_text(fault)}</p>
          {fault.line !== null
            ? <button type="button" class="quiet small" onClick={() => go_to(fault)}>{t("editor.line", { line: fault.line, pointer: fault.pointer })}</button>
            : <span class="mono">{fault.pointer}</span>}
        </li>
      ))}
    </ul>
  );
}

function Diagram({ svg, title }: { svg: string | null; title: string }) {
  const [source, set_source] = useState<string | undefined>(undefined);
  useEffect(() => {
    if (!svg) return set_source(undefined);
    const made = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    set_source(made);
    return () => URL.revokeObjectURL(made);
  }, [svg]);
  if (!source) return <p class="muted">{t("editor.no_diagram")}</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t("editor.diagram")}>
      <img class="drawn" src={source} alt={t("editor.diagram_of", { workflow: title })} />
    </div>
  );
}

interface ScenariosProps {
  written: Written;
  change: (scenarios: ScenarioText[]) => void;
  verdict: DefinitionVerdict | undefined;
}

function Scenarios({ written, change, verdict }: ScenariosProps) {
  const { scenarios } = written;
  const [chosen, set_chosen] = useState(0);
  const handle = useRef<CodeEditorHandle | undefined>(undefined);
  const place = Math.min(chosen, scenarios.length - 1);
  const shown = scenarios[place];
  const played = verdict?.scenarios ?? [];
  const faults = played.find((one) => one.name === shown?.name)?.faults ?? [];
  const title_of = (name: string) => pick(played.find((one) => one.name === name)?.title, name);
  return (
    <section class="card stack">
      <h2>{t("editor.scenarios", { count: scenarios.length })}</h2>
      {played.length > 0 && (
        <ul class="list" aria-label={t("editor.results")}>
          {played.map((one, index) => (
            <li key={one.name} data-here={index === place}>
              <span class={`chip ${one.passed ? "green" : "red"}`}>{one.passed ? t("editor.passed") : t("editor.failed")}</span>{" "}
              {pick(one.title, one.name)} <span class="muted">{t("editor.steps", { count: one.steps })}</span>
              {one.faults.slice(0, 3).map((fault, at) => <p key={at} class="wrong"><span class="mono">{fault.pointer}</span> {pick(fault.text)}</p>)}
              {!one.passed && <button type="button" class="quiet small" onClick={() => set_chosen(scenarios.findIndex((known) => known.name === one.name))}>{t("editor.open_scenario")}</button>}
            </li>
          ))}
        </ul>
      )}
      <div class="row">
        <label class="row">{t("editor.scenario")}
          <select class="short" value={String(place)} onChange={(event) => set_chosen(Number(event.currentTarget.value))}>
            {scenarios.map((one, index) => <option key={one.name} value={String(index)}>{title_of(one.name)}</option>)}
          </select>
        </label>
        <button type="button" class="small" disabled={!shown} onClick={() => {
          let name = `${shown!.name}-2`;
          while (scenarios.some((one) => one.name === name)) name += "2";
          change([...scenarios, { name, text: shown!.text }]);
          set_chosen(scenarios.length);
        }}>{t("editor.copy_scenario")}</button>
        <button type="button" class="small" disabled={scenarios.length < 2} onClick={() => change(scenarios.filter((_, index) => index !== place))}>{t("editor.drop_scenario")}</button>
      </div>
      {shown && (
        <CodeEditor key={`${shown.name}/${scenarios.length}`} small label={t("editor.scenario_text", { name: shown.name })} text={shown.text} handle={handle}
          faults={faults.filter((fault) => fault.line !== null).map((fault) => ({ line: fault.line!, column: fault.column ?? 1, text: pick(fault.text) }))}
          change={(text) => change(scenarios.map((one, index) => (index === place ? { ...one, text } : one)))} />
      )}
    </section>
  );
}

function Writing({ id, version, begun }: { id: string; version: string; begun: DefinitionText }) {
  const in_force = workflows.value.find((line) => line.id === id)?.version ?? version;
  const draft = use_form_draft<Written>(`definition/${id}@${version}`, () => ({
    text: with_version(begun.text, next_version(in_force)), scenarios: begun.scenarios,
  }));
  const [turn, set_turn] = useState(0);
  const [verdict, set_verdict] = useState<DefinitionVerdict | undefined>(undefined);
  // For which text and scenarios the verdict is.
  const [judged, set_judged] = useState<Written | undefined>(undefined);
  const [fault, set_fault] = useState<RequestProblem | undefined>(undefined);
  const { problem, busy, attempt } = use_saving();
  const handle = useRef<CodeEditorHandle | undefined>(undefined);
  const written = draft.value;
  const text = written?.text;
  const asked = useRef<AbortController | undefined>(undefined);

  // What has been played for exactly this text stays; otherwise soundness is asked for when typing rests. An answer about
  // what is no longer written would only hide it.
  useEffect(() => {
    asked.current?.abort();
    if (text === undefined || judged?.text === text) return;
    const timer = window.setTimeout(() => {
      asked.current?.abort();
      const abort = (asked.current = new AbortController());
      const of = { text, scenarios: written!.scenarios };
      check_definition({ text }, abort.signal).then((found) => {
        if (abort.signal.aborted) return;
        set_verdict(found);
        set_judged(of);
        set_fault(undefined);
      }, (reason) => !abort.signal.aborted && set_fault(as_problem(reason)));
    }, wait_before_check);
    return () => window.clearTimeout(timer);
  }, [text]);

  if (!written) return <Loading />;
  const current = judged?.text === written.text ? verdict : undefined;
  const played = current && judged?.scenarios === written.scenarios ? current : undefined;
  const may_save = played?.passed === true;

  const play = () => attempt(async () => {
    asked.current?.abort();
    const of = written;
    const found = await check_definition({ text: of.text, scenarios: of.scenarios, play: true });
    set_verdict(found);
    set_judged(of);
  });
  const save = () => attempt(async () => {
    const saved = await save_definition({ text: written.text, scenarios: written.scenarios });
    await draft.drop();
    forget(definitions_key);
    await renew_definition(id);
    notify(t("editor.saved", { version: saved.version }));
    navigate(`/administration/migration?workflow=${encodeURIComponent(id)}`);
  });
  const discard = () => {
    draft.restart({ text: with_version(begun.text, next_version(in_force)), scenarios: begun.scenarios });
    set_turn((count) => count + 1);
  };
  const faults = current?.faults ?? [];
  const marks = faults.filter((one) => one.line !== null).map((one) => ({ line: one.line!, column: one.column ?? 1, text: fault_text(one) }));
  const told = busy ? t("editor.playing")
    : !current ? t("editor.checking")
    : !current.sound ? t("editor.faults", { count: faults.length })
    : may_save ? t("editor.may_save")
    : played && played.scenarios.length > 0 ? t("editor.scenarios_failed", { count: played.scenarios.filter((one) => !one.passed).length })
    : t("editor.sound");
  return (
    <>
      {(problem ?? fault) && <Trouble problem={(problem ?? fault)!} />}
      <div class="columns editing">
        <section class="card stack">
          <h2>{t("editor.text")}</h2>
          <CodeEditor key={turn} label={t("editor.text")} text={written.text} faults={marks} handle={handle}
            change={(next) => draft.change((was) => ({ ...was, text: next }))} />
          <DraftLine draft={draft} discard={discard} />
        </section>
        <section class="card stack">
          <h2>{t("editor.diagram")}</h2>
          <Diagram svg={current?.diagram ?? verdict?.diagram ?? null} title={id} />
          <h2>{t("editor.faults_title")}</h2>
          <p role="status" class={current && !current.sound ? "wrong" : ""}>{told}</p>
          <Faults faults={faults} go_to={(one) => handle.current?.go_to(one.line!, one.column ?? 1)} />
          {current && current.readers_added.length > 0 && (
            <p class="told" role="note">{t("editor.readers_added", { who: current.readers_added.map((who) => pick(who)).join(t("text.and")) })}</p>
          )}
        </section>
      </div>
      <Scenarios written={written} verdict={played} change={(scenarios) => draft.change((was) => ({ ...was, scenarios }))} />
      <div class="bulk">
        <span class="grow" aria-hidden="true">{told}</span>
        <button type="button" disabled={busy || !current?.sound} onClick={() => void play()}>{t("editor.play")}</button>
        <button type="button" class="primary" disabled={busy || !may_save} onClick={() => void save()}>{t("editor.save")}</button>
      </div>
    </>
  );
}

export function Editor() {
  const id = address.value.query.get("workflow") ?? "";
  const version = address.value.query.get("version") ?? workflows.value.find((line) => line.id === id)?.version ?? "";
  const loaded = use_resource(version ? `administration/definition/${id}@${version}` : null, (signal) => definition_text(id, version, signal));
  const title = pick(workflows.value.find((line) => line.id === id)?.title, id);
  return (
    <>
      <p><a href={`/administration/definitions?workflow=${encodeURIComponent(id)}`}>{t("editor.back")}</a></p>
      <h2>{t("editor.heading", { workflow: title, version })}</h2>
      {loaded.problem ? <Trouble problem={loaded.problem} retry={loaded.reload} />
        : loaded.value ? <Writing key={`${id}@${version}`} id={id} version={version} begun={loaded.value} /> : <Loading />}
    </>
  );
}
