// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";
import { list_cases } from "../api/calls";
import { BulkBar } from "../parts/bulk_bar";
import { column, usual_columns } from "../parts/case_list";
import { ColumnChoice } from "../parts/column_choice";
import { ExportLinks } from "../parts/export_links";
import { Icon } from "../parts/icon";
import { ImportDialog } from "../parts/import_dialog";
import { filter_texts } from "../parts/filter_texts";
import { filter_query, LedgerFilters } from "../parts/ledger_filters";
import { use_paged_cases } from "../parts/paged_cases";
import { PagedList } from "../parts/paged_list";
import { SavedViews } from "../parts/saved_views";
import { address } from "../router";
import type { ScreenProps } from "../routes";
import { workflow_title, workflows } from "../state/directory";
import { use_selection } from "../state/selection";
import { chosen_columns } from "../state/views";
import { t } from "../text";

export default function Ledger({ parameters }: ScreenProps) {
  const workflow = parameters.workflow ?? "";
  const query = filter_query(workflow, address.value.query);
  const cases = use_paged_cases(`ledger?${new URLSearchParams(query).toString()}`, (paging, signal) =>
    list_cases({ ...query, ...paging }, signal),
  );
  const selection = use_selection();
  const usual = workflow ? usual_columns : ["number", "workflow", ...usual_columns.slice(1)];
  const columns = (chosen_columns(workflow) ?? usual).map((key) => column(key, workflow || undefined));
  const title = workflow ? t("ledger.of", { workflow: workflow_title(workflow) }) : t("screen.ledger");
  const count = cases.lines?.length ?? 0;
  const listed = t(cases.more ? "print.first" : "print.all", { count });
  // Paper cannot be scrolled: what is not fetched yet is fetched first.
  const [printing, set_printing] = useState(false);
  const print = async () => {
    set_printing(true);
    await cases.load_all();
    set_printing(false);
    requestAnimationFrame(() => window.print());
  };
  const [importing, set_importing] = useState(false);
  const may_open = workflows.value.find((line) => line.id === workflow)?.may_open;
  return (
    <div class="sheet">
      <div class="head">
        <h1>{title}</h1>
        {may_open && <a class="button no-print" href={`/open/${workflow}`}>{t("ledger.open_new")}</a>}
        <span class="row no-print">
          <SavedViews />
          <span class="not-phone"><ColumnChoice workflow={workflow} usual={usual} /></span>
          <ExportLinks query={query} />
          <button type="button" class="not-phone" onClick={() => set_importing(true)}>{t("import.open")}</button>
          <button type="button" class="not-phone" disabled={printing} onClick={() => void print()}><Icon name="print" size={16} />{t("case.print")}</button>
        </span>
      </div>
      <p class="only-print">{[...filter_texts(workflow, address.value.query), listed].join(t("text.then"))}</p>
      <LedgerFilters workflow={workflow} />
      <PagedList cases={cases} empty={t("ledger.empty")} caption={title} columns={columns} selection={selection} />
      {importing && <ImportDialog workflow={workflow} close={() => set_importing(false)} done={cases.reload} />}
      {selection.chosen.size > 0 && (
        <BulkBar lines={(cases.lines ?? []).filter((line) => selection.chosen.has(line.id))} clear={selection.clear}
          done={cases.reload} />
      )}
    </div>
  );
}
