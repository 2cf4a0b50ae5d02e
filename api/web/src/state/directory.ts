// SPDX-License-Identifier: Apache-2.0
// Names of what cases refer to by id: units, workflows, definitions by version. They hardly change, so they are asked
// for once in a visit.
import { signal } from "@preact/signals";
import type { DirectoryLine, Unit, WorkflowLine } from "../api/contract";
import { get_definition, list_units, list_workflows, offers } from "../api/calls";
import { get } from "../api/client";
import type { Definition } from "../api/definition";
import { pick } from "../text";
import { on_sign_out } from "./session";

export const units = signal<readonly Unit[]>([]);
export const workflows = signal<readonly WorkflowLine[]>([]);
export const people = signal<readonly DirectoryLine[]>([]);
const definitions = signal<ReadonlyMap<string, Definition>>(new Map());
const asked = new Map<string, Promise<Definition>>();

// Kept on the device as well, so that the page shows names at once, and without a network.
const place = "bihuan.directory";
const wait_when_kept = 2000;

interface Kept {
  units: Unit[];
  workflows: WorkflowLine[];
  people: DirectoryLine[];
}

function show_kept(): boolean {
  try {
    const kept = JSON.parse(localStorage.getItem(place) ?? "null") as Kept | null;
    if (!kept) return false;
    units.value = kept.units;
    workflows.value = kept.workflows;
    people.value = kept.people ?? [];
    return true;
  } catch {
    return false;
  }
}

// Names are a help only: without them ids are shown.
async function list_people(): Promise<DirectoryLine[]> {
  if (!offers("GET /api/v1/directory")) return [];
  return get<{ items: DirectoryLine[] }>("/api/v1/directory").then((page) => page.items, () => []);
}

export async function load_directory(): Promise<void> {
  // What the screen itself asks for goes first.
  if (show_kept()) await new Promise((resolve) => setTimeout(resolve, wait_when_kept));
  const [unit_list, workflow_list, person_list] = await Promise.all([list_units(), list_workflows(), list_people()]);
  units.value = unit_list;
  workflows.value = workflow_list;
  people.value = person_list;
  try {
    localStorage.setItem(place, JSON.stringify({ units: unit_list, workflows: workflow_list, people: person_list } satisfies Kept));
  } catch {
    // Then the next visit asks first.
  }
}

on_sign_out(() => {
  localStorage.removeItem(place);
  workflows.value = [];
  people.value = [];
  definitions.value = new Map();
  asked.clear();
});

export function unit_title(id: string | null | undefined): string {
  if (!id) return "";
  return pick(units.value.find((unit) => unit.id === id)?.title, id);
}

export function workflow_title(id: string): string {
  return pick(workflows.value.find((workflow) => workflow.id === id)?.title, id);
}

// Where the server gives no names, the id stands for the person.
export function person_name(id: string | null | undefined): string {
  if (!id) return "";
  return people.value.find((person) => person.id === id)?.full_name ?? id;
}

// Fetches it when it is not there yet; what shows it is drawn again by itself then.
export function definition_of(id: string, version?: string): Definition | undefined {
  const key = `${id}@${version ?? ""}`;
  const known = definitions.value.get(key);
  if (!known) void load_definition(id, version).catch(() => undefined);
  return known;
}

// A further version is in force: what is asked for without a version is another now.
export async function renew_definition(id: string): Promise<void> {
  asked.delete(`${id}@`);
  const known = new Map(definitions.value);
  known.delete(`${id}@`);
  definitions.value = known;
  await load_directory();
}

export function load_definition(id: string, version?: string): Promise<Definition> {
  const key = `${id}@${version ?? ""}`;
  let loading = asked.get(key);
  if (!loading) {
    loading = get_definition(id, version).then((definition) => {
      definitions.value = new Map(definitions.value)
        .set(key, definition)
        .set(`${id}@${definition.version}`, definition);
      return definition;
    });
    loading.catch(() => asked.delete(key));
    asked.set(key, loading);
  }
  return loading;
}
