// SPDX-License-Identifier: Apache-2.0
// Documents that come with an action: each is uploaded as soon as it is chosen, and named by its hash afterwards.
import { useState } from "preact/hooks";
import type { Attachment } from "../api/contract";
import { upload } from "../api/calls";
import type { Definition } from "../api/definition";
import { as_problem } from "../api/problem";
import type { RequestProblem } from "../api/problem";
import { pick, t } from "../text";
import { Field } from "./field";
import { Trouble } from "./trouble";

export type GivenDocuments = Record<string, Attachment[]>;

export function hashes_of(documents: GivenDocuments): Record<string, string[]> {
  const named = Object.entries(documents).filter(([, given]) => given.length > 0);
  return Object.fromEntries(named.map(([kind, given]) => [kind, given.map((one) => one.sha256)]));
}

export function size_text(size: number): string {
  if (size < 1024) return `${size} B`;
  if (size < 1024 * 1024) return `${Math.round(size / 1024)} KB`;
  return `${(size / 1024 / 1024).toFixed(1)} MB`;
}

interface DocumentsFieldProps {
  kinds: readonly string[];
  required: readonly string[];
  // Demanded, and already part of the case.
  satisfied?: ReadonlySet<string>;
  definition?: Definition;
  value: GivenDocuments;
  change: (update: (was: GivenDocuments) => GivenDocuments) => void;
  errors?: Readonly<Record<string, string>>;
  prefix: string;
  // Told while something is on its way, so that nobody sends without it.
  busy?: (count: number) => void;
}

export function DocumentsField(props: DocumentsFieldProps) {
  return <>{props.kinds.map((kind) => <OneKind key={kind} kind={kind} {...props} />)}</>;
}

function OneKind({ kind, required, satisfied, definition, value, change, errors, prefix, busy }: DocumentsFieldProps & { kind: string }) {
  const [sending, set_sending] = useState<readonly string[]>([]);
  const [problem, set_problem] = useState<RequestProblem | undefined>(undefined);
  const rule = definition?.documents[kind];
  const given = value[kind] ?? [];
  const id = `${prefix}-${kind}`;
  const done_before = satisfied?.has(kind) ?? false;

  const take = async (files: File[]) => {
    set_problem(undefined);
    set_sending(files.map((file) => file.name));
    busy?.(files.length);
    const uploaded: Attachment[] = [];
    try {
      for (const file of files) uploaded.push(await upload(file, file.name));
    } catch (fault) {
      set_problem(as_problem(fault));
    }
    set_sending([]);
    busy?.(-files.length);
    change((was) => {
      const before = was[kind] ?? [];
      const known = new Set(before.map((one) => one.sha256));
      return { ...was, [kind]: [...before, ...uploaded.filter((one) => !known.has(one.sha256))] };
    });
  };

  return (
    <div class="stack">
      <Field id={id} label={pick(rule?.title, kind)} required={required.includes(kind) && !done_before} wrong={errors?.[kind]}
        help={done_before ? t("documents.already") : undefined}>
        <input id={id} type="file" multiple accept={rule?.accept?.join(",")} aria-invalid={errors?.[kind] ? true : undefined}
          onChange={(event) => {
            const files = [...(event.currentTarget.files ?? [])];
            event.currentTarget.value = "";
            if (files.length > 0) void take(files);
          }} />
      </Field>
      {problem && <Trouble problem={problem} />}
      <ul class="plain files" aria-live="polite">
        {given.map((one) => (
          <li key={one.sha256}>
            <span class="grow">✓ {one.name}</span><span class="muted">{size_text(one.size)}</span>
            <button type="button" class="small" aria-label={t("documents.remove", { name: one.name })}
              onClick={() => change((was) => ({ ...was, [kind]: given.filter((other) => other.sha256 !== one.sha256) }))}>×</button>
          </li>
        ))}
        {sending.map((name) => <li key={name} class="muted">{t("documents.sending", { name })}</li>)}
      </ul>
    </div>
  );
}
