// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";
import { address } from "../router";
import { drop_view, save_view, saved_views } from "../state/views";
import { t } from "../text";
import { Field } from "./field";

export function SavedViews() {
  const [name, set_name] = useState("");
  const views = saved_views();
  const here = () => {
    const query = address.value.query.toString();
    return address.value.path + (query ? `?${query}` : "");
  };
  return (
    <details class="popup">
      <summary>{t("views.title")}</summary>
      <div class="stack">
        {views.length === 0 && <p class="muted">{t("views.none")}</p>}
        <ul class="plain">
          {views.map((view) => (
            <li key={view.name} class="row apart">
              <a href={view.address}>{view.name}</a>
              <button type="button" class="small" aria-label={t("views.drop", { name: view.name })}
                onClick={() => drop_view(view.name)}>×</button>
            </li>
          ))}
        </ul>
        <form class="stack" onSubmit={(event) => {
          event.preventDefault();
          if (!name.trim()) return;
          save_view({ name: name.trim(), address: here() });
          set_name("");
        }}>
          <Field id="view-name" label={t("views.name")}>
            <input id="view-name" value={name} maxLength={40} onInput={(event) => set_name(event.currentTarget.value)} />
          </Field>
          <button type="submit" class="small">{t("views.save")}</button>
        </form>
      </div>
    </details>
  );
}
