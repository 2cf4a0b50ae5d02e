// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../text";

interface DialogProps {
  title: string;
  close: () => void;
  wide?: boolean;
  children: ComponentChildren;
  // Stays when somebody presses Escape; for what must be answered.
  firm?: boolean;
}

// A native modal dialog: the browser keeps the focus in it and gives it back.
export function Dialog({ title, close, wide, firm, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = `dialog-${title.length}-${title.charCodeAt(0)}`;
  useEffect(() => {
    const dialog = element.current!;
    const before = document.activeElement as HTMLElement | null;
    if (!dialog.open) dialog.showModal();
    return () => {
      if (dialog.open) dialog.close();
      before?.focus?.();
    };
  }, []);
  return (
    <dialog ref={element} class={wide ? "wide" : ""} aria-labelledby={heading}
      onCancel={(event) => {
        if (event.target !== element.current) return;
        event.preventDefault();
        if (!firm) close();
      }}>
      <header>
        <h2 id={heading}>{title}</h2>
        {!firm && <button type="button" class="quiet" onClick={close}>{t("shell.close")}</button>}
      </header>
      <div class="inside">{children}</div>
    </dialog>
  );
}
