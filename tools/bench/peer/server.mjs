// SPDX-License-Identifier: Apache-2.0
// What somebody writes in an afternoon: a case's state and an event for each step, one commit each, over HTTP. No
// people, no rights, no rules, no deadlines, no history that anybody could check.
//   node server.mjs FILE CASES
import http from 'node:http';
import Database from 'better-sqlite3';

const [file, cases] = [process.argv[2], Number(process.argv[3])];
const database = new Database(file);
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.exec(`
CREATE TABLE cases (id INTEGER PRIMARY KEY, state TEXT NOT NULL, revision INTEGER NOT NULL, changed INTEGER NOT NULL,
  body TEXT NOT NULL) STRICT;
CREATE TABLE event (sequence INTEGER PRIMARY KEY, case_id INTEGER NOT NULL, revision INTEGER NOT NULL,
  body TEXT NOT NULL) STRICT;
BEGIN;
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${cases})
INSERT INTO cases SELECT i, 'rectifying', 1, 0, hex(zeroblob(300)) FROM n;
COMMIT;`);

const find = database.prepare('SELECT id, state, revision, changed, body FROM cases WHERE id = ?');
const update = database.prepare(
  'UPDATE cases SET state = ?, revision = revision + 1, changed = ? WHERE id = ? AND revision = ? RETURNING revision');
const insert = database.prepare('INSERT INTO event (case_id, revision, body) VALUES (?, ?, ?)');
const advance = database.transaction((id, revision, input) => {
  const row = update.get('rectifying', Date.now(), id, revision);
  if (row) insert.run(id, row.revision, input.padEnd(400, 'x'));
  return row?.revision;
});

function answer(response, status, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

function read(id, response) {
  const found = find.get(id);
  answer(response, found ? 200 : 404, found ?? { error: 'not found' });
}

function act(id, request, response) {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    const input = JSON.stringify(JSON.parse(Buffer.concat(pieces).toString()));
    const expected = Number((request.headers['if-match'] ?? '').replaceAll('"', ''));
    const revision = advance(id, expected, input);
    if (revision === undefined) return answer(response, 412, { error: 'stale' });
    answer(response, 200, find.get(id));
  });
}

const server = http.createServer((request, response) => {
  const id = Number(request.url.split('/')[2]);
  if (request.method === 'GET') return read(id, response);
  act(id, request, response);
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
process.on('SIGTERM', () => process.exit(0));
