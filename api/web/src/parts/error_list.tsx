// SPDX-License-Identifier: Apache-2.0
import { t } from "../text";

export interface FormError {
  // The control it is about, by the id of its element.
  at?: string;
  // The member's name, as forms know it.
  name?: string;
  text: string;
}

// Everything that is wrong, on top of the form, each leading to its control.
export function ErrorList({ errors }: { errors: readonly FormError[] }) {
  if (errors.length === 0) return null;
  return (
    <div class="trouble" role="alert" tabIndex={-1} ref={(element) => element?.scrollIntoView({ block: "nearest" })}>
      <p>{t("form.errors", { count: errors.length })}</p>
      <ul>
        {errors.map((error, index) => (
          <li key={index}>
            {error.at ? (
              <a href={`#${error.at}`} onClick={(event) => {
                event.preventDefault();
                const target = document.getElementById(error.at!);
                const control = target?.matches("input, select, textarea") ? target : target?.querySelector<HTMLElement>("input, select, textarea");
                (control ?? target)?.focus();
              }}>{error.text}</a>
            ) : error.text}
          </li>
        ))}
      </ul>
    </div>
  );
}
