// SPDX-License-Identifier: Apache-2.0
// What an object-centric event log in JSON has to be: OCEL 2.0 (Berti et al., arXiv:2403.01975), section 8, and the
// schema that the standard publishes with it (https://www.ocel-standard.org/2.0/ocel20-schema-json.json), said in this
// project's own words, since no package of npm brings either. The schema takes every value as text; the types that it
// is declared with say how it is read. From the formal part (sections 3 and 4): ids are unique over events and objects,
// what is typed or related to is there, and an attribute of an object has one value at an instant.

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const reads = {
  string: () => true,
  time: (value) => instant.test(value) && Number.isFinite(Date.parse(value)),
  integer: (value) => /^-?\d+$/.test(value),
  float: (value) => value.trim() !== "" && Number.isFinite(Number(value)),
  boolean: (value) => /^(true|false)$/.test(value),
};

function is_object(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// Every fault as a line of where and what; a log without any is a log that each reader of the standard must take.
export function faults_of(log) {
  const faults = [];
  const fault = (where, what) => faults.push(`${where}: ${what}`);
  const texts = (one, where, names) => {
    if (!is_object(one)) return fault(where, "no object");
    for (const name of names) if (typeof one[name] !== "string") fault(`${where}/${name}`, "no text");
  };
  const list = (one, where, name, needed) => {
    if (one?.[name] === undefined && !needed) return [];
    if (Array.isArray(one?.[name])) return one[name].map((member, place) => [member, `${where}/${name}/${place}`]);
    fault(`${where}/${name}`, "no array");
    return [];
  };
  const only = (one, where, names) => {
    for (const name of Object.keys(one ?? {})) if (!names.includes(name)) fault(`${where}/${name}`, "not of the format");
  };
  const is_instant = (value, where) => { if (!reads.time(value)) fault(where, "no date-time of RFC 3339"); };

  only(log, "", ["eventTypes", "objectTypes", "events", "objects"]);
  const declared = {};
  for (const kind of ["eventTypes", "objectTypes"]) {
    const types = declared[kind] = new Map();
    for (const [type, where] of list(log, "", kind, true)) {
      texts(type, where, ["name"]);
      only(type, where, ["name", "attributes"]);
      if (types.has(type?.name)) fault(where, "declared twice");
      const attributes = new Map();
      types.set(type?.name, attributes);
      for (const [attribute, place] of list(type, where, "attributes", true)) {
        texts(attribute, place, ["name", "type"]);
        only(attribute, place, ["name", "type"]);
        if (!Object.hasOwn(reads, attribute?.type)) fault(`${place}/type`, "no type of the standard");
        if (attributes.has(attribute?.name)) fault(place, "declared twice");
        attributes.set(attribute?.name, attribute?.type);
      }
    }
  }

  const ids = new Set();
  const related = [];
  const objects = new Set();
  for (const [kind, types] of [["objects", declared.objectTypes], ["events", declared.eventTypes]]) {
    const of_events = kind === "events";
    for (const [one, where] of list(log, "", kind, true)) {
      texts(one, where, ["id", "type"]);
      only(one, where, ["id", "type", "attributes", "relationships", ...of_events ? ["time"] : []]);
      if (of_events) is_instant(one?.time, `${where}/time`);
      else objects.add(one?.id);
      if (ids.has(one?.id)) fault(`${where}/id`, "stands twice");
      ids.add(one?.id);
      const type = types.get(one?.type);
      if (!type) fault(`${where}/type`, "not declared");
      const assigned = new Set();
      for (const [attribute, place] of list(one, where, "attributes", false)) {
        texts(attribute, place, ["name", "value"]);
        only(attribute, place, ["name", "value", ...of_events ? [] : ["time"]]);
        if (!of_events) is_instant(attribute?.time, `${place}/time`);
        const assignment = JSON.stringify([attribute?.name, of_events || Date.parse(attribute?.time)]);
        if (assigned.has(assignment)) fault(place, "has a value already");
        assigned.add(assignment);
        if (!type?.has(attribute?.name)) fault(`${place}/name`, "not declared");
        else if (typeof attribute.value === "string" && !reads[type.get(attribute.name)]?.(attribute.value))
          fault(`${place}/value`, "not of the type declared");
      }
      for (const [relation, place] of list(one, where, "relationships", false)) {
        texts(relation, place, ["objectId", "qualifier"]);
        only(relation, place, ["objectId", "qualifier"]);
        related.push([relation?.objectId, `${place}/objectId`]);
      }
    }
  }
  for (const [id, where] of related) if (!objects.has(id)) fault(where, "no object of the log");
  return faults;
}
