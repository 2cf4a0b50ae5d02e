// SPDX-License-Identifier: Apache-2.0
// A text of JSON with its faults beside the lines. The library is fetched when one is shown.
import type { MutableRef } from "preact/hooks";
import { useEffect, useRef } from "preact/hooks";
import type { CodeEditorHandle, EditorFault } from "./code_editor_library";

interface CodeEditorProps {
  label: string;
  // What it begins with; typing changes it from within.
  text: string;
  change: (text: string) => void;
  faults?: readonly EditorFault[];
  // For who leads somebody to a line.
  handle?: MutableRef<CodeEditorHandle | undefined>;
  small?: boolean;
}

export function CodeEditor({ label, text, change, faults, handle, small }: CodeEditorProps) {
  const element = useRef<HTMLDivElement>(null);
  const own = useRef<CodeEditorHandle | undefined>(undefined);
  const latest = useRef(change);
  latest.current = change;
  const marked = useRef(faults);
  marked.current = faults;
  useEffect(() => {
    let gone = false;
    void import("./code_editor_library").then(({ start_editor }) => {
      if (gone || !element.current) return;
      own.current = start_editor(element.current, text, label, (next) => latest.current(next));
      if (handle) handle.current = own.current;
      own.current.mark(marked.current ?? []);
    });
    return () => {
      gone = true;
      own.current?.destroy();
      own.current = undefined;
      if (handle) handle.current = undefined;
    };
  }, []);
  useEffect(() => {
    own.current?.mark(faults ?? []);
  }, [faults]);
  return <div ref={element} class={small ? "code small" : "code"} />;
}
