// SPDX-License-Identifier: Apache-2.0
// Does it run, and how: what the program tells its own watchers, for people.
import { call } from "../../api/client";
import { Loading, Trouble } from "../../parts/trouble";
import { use_resource } from "../../state/resource";
import { date_time_of } from "../../time";
import { t } from "../../text";

interface Sample {
  name: string;
  labels: string;
  value: string;
}

interface State {
  at: string;
  live: boolean;
  ready: boolean;
  samples: Sample[];
}

async function answers(path: string): Promise<boolean> {
  try {
    await call(path, { quiet: true });
    return true;
  } catch {
    return false;
  }
}

// Buckets of histograms are for machines; the rest is short enough to read.
function read_samples(text: string): Sample[] {
  return text.split("\n").flatMap((line) => {
    const found = line.match(/^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/);
    if (!found || found[1]!.endsWith("_bucket")) return [];
    return [{ name: found[1]!, labels: (found[2] ?? "").replace(/"/g, "").replace(/,/g, ", "), value: found[3]! }];
  });
}

async function look(): Promise<State> {
  const [live, ready, metrics] = await Promise.all([answers("/livez"), answers("/readyz"), call<string>("/metrics")]);
  return { at: new Date().toISOString(), live, ready, samples: read_samples(String(metrics.body)) };
}

function Answer({ title, good }: { title: string; good: boolean }) {
  return (
    <div class="tile">
      <span>{title}</span>
      <span class={`chip ${good ? "green" : "red"}`}><span aria-hidden="true">{good ? "●" : "■"}</span>{good ? t("administration.well") : t("administration.unwell")}</span>
    </div>
  );
}

export function Health() {
  const state = use_resource("administration/health", look);
  if (state.problem && !state.value) return <Trouble problem={state.problem} retry={state.reload} />;
  if (!state.value) return <Loading />;
  const { live, ready, samples, at } = state.value;
  return (
    <>
      <div class="row">
        <span class="muted">{t("workbench.as_of", { time: date_time_of(at) })}</span>
        <button type="button" class="small" disabled={state.loading} onClick={state.reload}>{t("administration.look_again")}</button>
      </div>
      <div class="tiles">
        <Answer title={t("administration.live")} good={live} />
        <Answer title={t("administration.ready")} good={ready} />
      </div>
      <details>
        <summary>{t("administration.metrics", { count: samples.length })}</summary>
        <div class="scroll" tabIndex={0} role="region" aria-label={t("administration.metrics_table")}>
          <table class="wide">
            <thead><tr><th scope="col">{t("administration.metric")}</th><th scope="col">{t("administration.labels")}</th><th scope="col" class="number">{t("administration.value")}</th></tr></thead>
            <tbody>
              {samples.map((sample) => (
                <tr key={sample.name + sample.labels}><td class="mono">{sample.name}</td><td class="mono">{sample.labels}</td><td class="number">{sample.value}</td></tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}
