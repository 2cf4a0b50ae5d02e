// SPDX-License-Identifier: Apache-2.0
// The workflows that are in force: their diagram, who may do what, their clocks, and how sure their sources are.
import type { ActionRule, Definition } from "../../api/definition";
import { StateDiagram } from "../../parts/state_diagram";
import { Loading } from "../../parts/trouble";
import { address, change_query } from "../../router";
import { definition_of, workflows } from "../../state/directory";
import { pick, t, t_or } from "../../text";
import { Versions } from "./versions";

function grants_text(definition: Definition, rule: ActionRule): string {
  const grants = (rule.by ?? []).map((grant) => {
    const party = grant.party ? pick(definition.parties[grant.party]?.title, grant.party) : "";
    const role = grant.role ? t_or(`role.${grant.role}`, grant.role) : "";
    return [party, role].filter(Boolean).join(" ");
  });
  if (rule.trigger) return t("administration.by_itself");
  return [...new Set(grants)].join(t("text.and"));
}

function state_text(definition: Definition, state: string | undefined): string {
  return state ? pick(definition.states[state]?.title, state) : t("administration.stays");
}

function Transitions({ definition }: { definition: Definition }) {
  return (
    <details>
      <summary>{t("administration.transitions", { count: Object.keys(definition.transitions).length })}</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label={t("administration.transitions_table")}>
        <table class="wide">
          <thead>
            <tr>
              <th scope="col">{t("administration.action")}</th><th scope="col">{t("administration.from")}</th>
              <th scope="col">{t("administration.to")}</th><th scope="col">{t("administration.who")}</th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(definition.transitions).map(([name, rule]) => (
              <tr key={name}>
                <th scope="row">{pick(rule.title, name)}{rule.four_eyes && <> <span class="chip blue">{t("administration.four_eyes")}</span></>}</th>
                <td>{(rule.from ?? []).map((state) => state_text(definition, state)).join(t("text.and"))}</td>
                <td>{state_text(definition, rule.to)}</td>
                <td>{grants_text(definition, rule)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Sources({ definition }: { definition: Definition }) {
  const sources = definition.basis ?? [];
  const unverified = sources.filter((source) => !source.verified).length;
  return (
    <details>
      <summary>{t("administration.sources", { count: sources.length, unverified })}</summary>
      <ul>
        {sources.map((source) => (
          <li key={source.id}>{source.source} {source.article} {!source.verified && <span class="chip yellow">{t("deadline.unverified")}</span>}</li>
        ))}
      </ul>
    </details>
  );
}

function Shown({ id }: { id: string }) {
  const definition = definition_of(id);
  if (!definition) return <Loading />;
  return (
    <section class="card stack">
      <h2>{pick(definition.title, id)}</h2>
      <dl class="pairs">
        <dt>{t("administration.version")}</dt><dd>{definition.version}</dd>
        <dt>{t("administration.prefix")}</dt><dd>{definition.number_prefix}</dd>
        <dt>{t("administration.hash")}</dt><dd class="mono">{definition.hash}</dd>
      </dl>
      {pick(definition.summary) && <p>{pick(definition.summary)}</p>}
      <StateDiagram definition={definition} />
      <Transitions definition={definition} />
      <details>
        <summary>{t("administration.deadlines", { count: Object.keys(definition.deadlines ?? {}).length })}</summary>
        <ul>
          {Object.entries(definition.deadlines ?? {}).map(([name, rule]) => (
            <li key={name}>{pick(rule.title, name)} <span class="muted">{pick(definition.parties[rule.owner ?? ""]?.title, rule.owner ?? "")} {pick(rule.note)}</span></li>
          ))}
        </ul>
      </details>
      <Sources definition={definition} />
    </section>
  );
}

export function Definitions() {
  const chosen = address.value.query.get("workflow") ?? workflows.value[0]?.id;
  if (!chosen) return <Loading />;
  return (
    <>
      <label class="row">
        {t("column.workflow")}
        <select class="short" value={chosen} onChange={(event) => change_query({ workflow: event.currentTarget.value }, { replace: true })}>
          {workflows.value.map((line) => <option key={line.id} value={line.id}>{pick(line.title, line.id)}</option>)}
        </select>
      </label>
      <Versions key={`versions/${chosen}`} id={chosen} />
      <Shown key={chosen} id={chosen} />
    </>
  );
}
