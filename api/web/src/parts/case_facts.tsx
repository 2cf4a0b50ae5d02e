// SPDX-License-Identifier: Apache-2.0
// What a case consists of: its fields, who holds which part, its documents, the cases it is linked to.
import type { Case, Document, Link } from "../api/contract";
import { attachment_address } from "../api/calls";
import type { Definition } from "../api/definition";
import { definition_of, person_name, unit_title, workflow_title } from "../state/directory";
import { pick, t } from "../text";
import { size_text } from "./documents_field";
import { field_text } from "./field_text";

export function CaseFields({ subject, definition }: { subject: Case; definition?: Definition }) {
  const order = Object.keys(definition?.fields ?? subject.fields);
  const filled = order.filter((name) => subject.fields[name] !== undefined && subject.fields[name] !== null);
  return (
    <section class="card" aria-labelledby="fields-title">
      <h2 id="fields-title">{t("case.fields")}</h2>
      {filled.length === 0 && <p class="muted">{t("case.no_fields")}</p>}
      <dl class="pairs">
        {filled.map((name) => {
          const rule = definition?.fields[name];
          return <FieldPair key={name} title={pick(rule?.title, name)} text={field_text(rule, subject.fields[name])} />;
        })}
      </dl>
    </section>
  );
}

function FieldPair({ title, text }: { title: string; text: string }) {
  return <><dt>{title}</dt><dd>{text}</dd></>;
}

export function CaseParties({ subject, definition }: { subject: Case; definition?: Definition }) {
  const held = Object.entries(subject.parties).filter(([, holders]) => holders.length > 0);
  return (
    <section class="card" aria-labelledby="parties-title">
      <h2 id="parties-title">{t("case.parties")}</h2>
      <dl class="pairs">
        {held.map(([party, holders]) => (
          <FieldPair key={party} title={pick(definition?.parties[party]?.title, party)}
            text={holders.map((holder) => [unit_title(holder.unit), person_name(holder.person)].filter(Boolean).join(" ")).join(t("text.and"))} />
        ))}
      </dl>
    </section>
  );
}

function is_picture(document: Document): boolean {
  return /^image\/(jpeg|png|webp|gif)$/.test(document.type);
}

export function CaseDocuments({ subject, definition }: { subject: Case; definition?: Definition }) {
  const kinds = Object.entries(subject.documents).filter(([, given]) => given.length > 0);
  return (
    <section class="card" aria-labelledby="documents-title">
      <h2 id="documents-title">{t("case.documents")}</h2>
      {kinds.length === 0 && <p class="muted">{t("case.no_documents")}</p>}
      {kinds.map(([kind, given]) => {
        const title = pick(definition?.documents[kind]?.title, kind);
        const pictures = given.filter(is_picture);
        const files = given.filter((document) => !is_picture(document));
        return (
          <div key={kind} class="stack">
            <h3>{title}</h3>
            {pictures.length > 0 && (
              <ul class="plain photos">
                {pictures.map((picture) => (
                  <li key={picture.sha256}>
                    <a href={attachment_address(picture.sha256)} target="_blank" rel="noopener">
                      <img src={attachment_address(picture.sha256)} alt={`${title} ${picture.name}`} loading="lazy" />
                    </a>
                  </li>
                ))}
              </ul>
            )}
            {files.length > 0 && (
              <ul class="plain files">
                {files.map((file) => (
                  <li key={file.sha256}>
                    <a class="grow" href={attachment_address(file.sha256)} target="_blank" rel="noopener">{file.name}</a>
                    <span class="muted">{size_text(file.size)}</span>
                  </li>
                ))}
              </ul>
            )}
          </div>
        );
      })}
    </section>
  );
}

function LinkedCase({ link }: { link: Link }) {
  const definition = definition_of(link.workflow);
  return (
    <li>
      <span class="muted">{workflow_title(link.workflow)} {link.number}</span>
      <a class="title" href={`/case/${link.case}`}>{link.title || workflow_title(link.workflow)}</a>
      <span>{pick(link.state ? definition?.states[link.state]?.title : null, link.state ?? "")}</span>{" "}
      <span class="muted">{link.direction === "out" ? t("case.link_out") : t("case.link_in")}</span>
    </li>
  );
}

export function CaseLinks({ subject }: { subject: Case }) {
  if (subject.links.length === 0) return null;
  return (
    <section class="card" aria-labelledby="links-title">
      <h2 id="links-title">{t("case.links")}</h2>
      <ul class="plain list">{subject.links.map((link) => <LinkedCase key={`${link.link}-${link.case}`} link={link} />)}</ul>
    </section>
  );
}
