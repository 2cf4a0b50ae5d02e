// SPDX-License-Identifier: Apache-2.0
// A unit is added, renamed, moved, dissolved or restored.
import type { Unit } from "../../api/contract";
import { add_unit, change_unit } from "../../api/people_calls";
import { Dialog } from "../../parts/dialog";
import { DraftLine } from "../../parts/draft_line";
import { Field } from "../../parts/field";
import { Trouble } from "../../parts/trouble";
import { UnitSelect } from "../../parts/unit_select";
import { units } from "../../state/directory";
import { use_kept_form } from "../../state/form_drafts";
import { notify } from "../../state/notice";
import { use_saving } from "../../state/saving";
import { pick, t, t_or } from "../../text";

interface UnitDialogProps {
  // Nothing: a new unit.
  unit?: Unit;
  close: () => void;
  changed: () => void;
}

export function UnitDialog({ unit, close, changed }: UnitDialogProps) {
  const { draft, value, set, discard } = use_kept_form(`unit/${unit?.id ?? ""}@${unit?.revision ?? 0}`, {
    id: unit?.id ?? "", zh: unit?.title.zh ?? "", en: unit?.title.en ?? "", kind: unit?.kind ?? "",
    parent: unit?.parent ?? undefined, dissolved: unit?.dissolved ?? false,
  });
  const { id, zh, en, kind, parent, dissolved } = value;
  const { problem, busy, attempt } = use_saving();
  const kinds = [...new Set(units.value.map((one) => one.kind))];

  const save = () => attempt(async () => {
    const body = { title: { zh: zh.trim(), en: en.trim() }, kind, parent: parent ?? null };
    if (unit) await change_unit(unit.id, { ...body, dissolved }, unit.revision ?? 0);
    else await add_unit({ ...body, id: id.trim() });
    await draft.drop();
    notify(t("administration.saved"));
    changed();
    close();
  });

  return (
    <Dialog title={unit ? t("administration.change_one", { name: pick(unit.title, unit.id) }) : t("administration.add_unit")} close={close}>
      <form class="stack" onSubmit={(event) => { event.preventDefault(); void save(); }}>
        {problem && <Trouble problem={problem} />}
        {!unit && (
          <Field id="unit-id" label={t("administration.unit_id")} required help={t("administration.unit_id_help")}>
            <input id="unit-id" required maxLength={64} autoCapitalize="none" pattern="[a-z0-9\-]+" aria-describedby="unit-id-help"
              value={id} onInput={(event) => set({ id: event.currentTarget.value })} />
          </Field>
        )}
        <Field id="unit-zh" label={t("administration.unit_zh")} required>
          <input id="unit-zh" required maxLength={100} value={zh} onInput={(event) => set({ zh: event.currentTarget.value })} />
        </Field>
        <Field id="unit-en" label={t("administration.unit_en")} required>
          <input id="unit-en" required maxLength={200} lang="en" value={en} onInput={(event) => set({ en: event.currentTarget.value })} />
        </Field>
        <Field id="unit-kind" label={t("administration.unit_kind")} required>
          <select id="unit-kind" required value={kind} onChange={(event) => set({ kind: event.currentTarget.value })}>
            <option value="">{t("form.choose")}</option>
            {kinds.map((one) => <option key={one} value={one}>{t_or(`unit_kind.${one}`, one)}</option>)}
          </select>
        </Field>
        <Field id="unit-parent" label={t("administration.unit_parent")}>
          <UnitSelect id="unit-parent" value={parent} change={(chosen) => set({ parent: chosen })} nothing={t("administration.unit_root")} />
        </Field>
        {unit && (
          <label class="row">
            <input type="checkbox" checked={dissolved} onChange={(event) => set({ dissolved: event.currentTarget.checked })} />
            {t("administration.unit_dissolved")}
          </label>
        )}
        <div class="finish">
          <DraftLine draft={draft} discard={discard} />
          <button type="button" onClick={close}>{t("shell.cancel")}</button>
          <button type="submit" class="primary" disabled={busy}>{t("administration.save")}</button>
        </div>
      </form>
    </Dialog>
  );
}
