// SPDX-License-Identifier: Apache-2.0
// A unit is added, renamed, moved, dissolved or restored.
import { useState } from "preact/hooks";
import type { Unit } from "../../api/contract";
import { add_unit, change_unit } from "../../api/people_calls";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { Trouble } from "../../parts/trouble";
import { UnitSelect } from "../../parts/unit_select";
import { units } from "../../state/directory";
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
  const [id, set_id] = useState(unit?.id ?? "");
  const [zh, set_zh] = useState(unit?.title.zh ?? "");
  const [en, set_en] = useState(unit?.title.en ?? "");
  const [kind, set_kind] = useState(unit?.kind ?? "");
  const [parent, set_parent] = useState<string | undefined>(unit?.parent ?? undefined);
  const [dissolved, set_dissolved] = useState(unit?.dissolved ?? false);
  const { problem, busy, attempt } = use_saving();
  const kinds = [...new Set(units.value.map((one) => one.kind))];

  const save = () => attempt(async () => {
    const body = { title: { zh: zh.trim(), en: en.trim() }, kind, parent: parent ?? null };
    if (unit) await change_unit(unit.id, { ...body, dissolved }, unit.revision ?? 0);
    else await add_unit({ ...body, id: id.trim() });
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
              value={id} onInput={(event) => set_id(event.currentTarget.value)} />
          </Field>
        )}
        <Field id="unit-zh" label={t("administration.unit_zh")} required>
          <input id="unit-zh" required maxLength={100} value={zh} onInput={(event) => set_zh(event.currentTarget.value)} />
        </Field>
        <Field id="unit-en" label={t("administration.unit_en")} required>
          <input id="unit-en" required maxLength={200} lang="en" value={en} onInput={(event) => set_en(event.currentTarget.value)} />
        </Field>
        <Field id="unit-kind" label={t("administration.unit_kind")} required>
          <select id="unit-kind" required value={kind} onChange={(event) => set_kind(event.currentTarget.value)}>
            <option value="">{t("form.choose")}</option>
            {kinds.map((one) => <option key={one} value={one}>{t_or(`unit_kind.${one}`, one)}</option>)}
          </select>
        </Field>
        <Field id="unit-parent" label={t("administration.unit_parent")}>
          <UnitSelect id="unit-parent" value={parent} change={set_parent} nothing={t("administration.unit_root")} />
        </Field>
        {unit && (
          <label class="row">
            <input type="checkbox" checked={dissolved} onChange={(event) => set_dissolved(event.currentTarget.checked)} />
            {t("administration.unit_dissolved")}
          </label>
        )}
        <div class="finish">
          <button type="button" onClick={close}>{t("shell.cancel")}</button>
          <button type="submit" class="primary" disabled={busy}>{t("administration.save")}</button>
        </div>
      </form>
    </Dialog>
  );
}
