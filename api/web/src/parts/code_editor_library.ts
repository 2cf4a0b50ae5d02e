// SPDX-License-Identifier: Apache-2.0
// Of CodeMirror what writing JSON needs. It lives in a shadow tree: there its styles are sheets of their own, which the
// page's policy takes, and none of ours reach it.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { HighlightStyle, bracketMatching, foldGutter, foldKeymap, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { tags } from "@lezer/highlight";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";

export interface EditorFault {
  line: number;
  column: number;
  text: string;
}

export interface CodeEditorHandle {
  text: () => string;
  replace: (text: string) => void;
  mark: (faults: readonly EditorFault[]) => void;
  go_to: (line: number, column: number) => void;
  destroy: () => void;
}

const look = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--surface)", color: "var(--text)", fontSize: "13px" },
  "&.cm-focused": { outline: "3px solid var(--link)" },
  ".cm-scroller": { overflow: "auto", fontFamily: "ui-monospace, Consolas, monospace" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--muted)", borderColor: "var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--hover)" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-tooltip, .cm-panels": { backgroundColor: "var(--raised)", color: "var(--text)" },
});

// The page's own colours, which differ between light and dark.
const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--blue)" },
  { tag: tags.string, color: "var(--green)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--yellow)" },
]);

export function start_editor(parent: HTMLElement, text: string, label: string, changed: (text: string) => void): CodeEditorHandle {
  const root = parent.shadowRoot ?? parent.attachShadow({ mode: "open" });
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(), foldGutter(), lintGutter(), history(), drawSelection(), indentOnInput(), bracketMatching(),
        highlightActiveLine(), highlightSelectionMatches(), json(), syntaxHighlighting(colours), look,
        // Tab leaves the editor, as it leaves every control; Escape closes its search.
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...foldKeymap]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label }),
        EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
      ],
    }),
  });
  // What scrolls can be scrolled by keys.
  view.scrollDOM.tabIndex = 0;
  const place = (line: number, column: number) => {
    const found = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
    // Columns come in characters, and the editor counts in halves of some.
    const characters = [...found.text].slice(0, Math.max(column - 1, 0)).join("");
    return { from: found.from + Math.min(characters.length, found.length), to: found.to };
  };
  return {
    text: () => view.state.doc.toString(),
    replace: (next) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } }),
    mark: (faults) => view.dispatch(setDiagnostics(view.state, faults.map((fault) => ({
      ...place(fault.line, fault.column), severity: "error" as const, message: fault.text,
    })))),
    go_to: (line, column) => {
      const { from } = place(line, column);
      view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}
