// SPDX-License-Identifier: Apache-2.0
// The published list, for everybody: no signing in, nothing but what the definition publishes.
import type { Published } from "../../api/contract";
import { load_published } from "../../api/published_calls";
import type { PublishedList } from "../../api/published_calls";
import { LanguageSwitch } from "../../parts/language_switch";
import { Empty, Loading, Trouble } from "../../parts/trouble";
import { use_resource } from "../../state/resource";
import { pick, t } from "../../text";
import { safe_address } from "./address";

function choice_text(list: PublishedList, name: string, value: unknown): string {
  const choice = list.fields.find((field) => field.id === name)?.choices.find((one) => one.id === value);
  return choice ? pick(choice.title) : String(value ?? "");
}

function holders(item: Published, party: string): string {
  return (item.parties[party] ?? []).map((holder) => pick(holder.title, holder.unit)).join(t("text.and"));
}

function Table({ list }: { list: PublishedList }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t("responsibilities.public")}>
      <table class="stacked">
        <caption class="hidden-text">{t("responsibilities.public")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("responsibilities.item")}</th><th scope="col">{t("responsibilities.lead")}</th>
            <th scope="col">{t("responsibilities.supporting")}</th><th scope="col">{t("responsibilities.basis")}</th>
            <th scope="col">{t("responsibilities.published")}</th>
          </tr>
        </thead>
        <tbody>
          {list.items.map((item) => {
            const to = safe_address(item.fields.url);
            const published = String(item.fields.published_on ?? "");
            return (
              <tr key={item.number}>
                <th scope="row">{String(item.fields.item ?? item.number)}</th>
                <td data-label={t("responsibilities.lead")}>{holders(item, "lead") || <span class="muted">{t("responsibilities.no_lead")}</span>}</td>
                <td data-label={t("responsibilities.supporting")}>{holders(item, "supporting")}</td>
                <td data-label={t("responsibilities.basis")}>{[choice_text(list, "duty_basis", item.fields.duty_basis), item.fields.basis_text].filter(Boolean).join(" ")}</td>
                <td class="nowrap" data-label={t("responsibilities.published")}>{to ? <a href={to} rel="noopener noreferrer" target="_blank">{published || to}</a> : published}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

export function PublicView() {
  const loaded = use_resource<PublishedList>("published/responsibility-item", (signal) => load_published("responsibility-item", signal));
  const list = loaded.value;
  return (
    <div class="stack">
      <div class="head">
        <h1>{t("screen.responsibilities")}</h1>
        <span class="row no-print"><LanguageSwitch /><a class="button" href="/">{t("sign_in.title")}</a></span>
      </div>
      {loaded.problem && <Trouble problem={loaded.problem} retry={loaded.reload} />}
      {!list && !loaded.problem && <Loading />}
      {list?.items.length === 0 && <Empty>{t("responsibilities.none_published")}</Empty>}
      {list && list.items.length > 0 && <Table list={list} />}
    </div>
  );
}
