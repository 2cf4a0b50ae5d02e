// SPDX-License-Identifier: Apache-2.0
// Alters, removes, moves and adds events, cases, hashes and whole seals behind the store's back, each at places by
// chance: every change must be named. What is plump is found by the chains of the cases; here are also the changes of
// somebody who knows how histories are hashed and mends them, which only the log of all events shows.
//
// BIHUAN_TAMPER_ROUNDS is how often each kind is tried (2), BIHUAN_TAMPER_SEED from where on (1).
#include "tests/service/tamper.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

using namespace bihuan;

namespace {

using namespace bihuan::tamper;

std::uint64_t number_from(char const* name, std::uint64_t otherwise) {
  char const* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::string text_of(std::int64_t number) {
  return std::to_string(number);
}

// Each changes something and gives what must be named: in Found::log, unless it says another member.
struct Expected {
  std::vector<std::string> texts{};
  std::string Found::*where = &Found::log;
};
struct Kind {
  std::string name;
  std::function<Expected(Copy const&, Chance&)> tamper;
  bool mended = false;  // histories and rows are right in themselves: nothing but the log shows it
};

std::string case_of(Copy const& copy, std::int64_t sequence) {
  return copy.ask_text("SELECT case_id FROM event WHERE sequence = " + text_of(sequence));
}

// A comment at or after this place, round the end if need be: rewording one changes nothing else.
std::int64_t comment_from(Copy const& copy, std::int64_t sequence) {
  return copy.ask("SELECT sequence FROM event WHERE json_extract(body, '$.type') = 'commented' ORDER BY sequence < " +
                  text_of(sequence) + ", sequence LIMIT 1");
}

std::string event_named(std::int64_t sequence) {
  return " event " + text_of(sequence) + " ";
}
std::string seal_named(std::int64_t number) {
  return "seal " + text_of(number) + " ";
}

void make_room_at(Copy const& copy, std::int64_t sequence) {
  copy.run("UPDATE event SET sequence = -sequence - 1 WHERE sequence >= " + text_of(sequence) +
           "; UPDATE event SET sequence = -sequence WHERE sequence < 0;");
}

void swap_numbers(Copy const& copy, char const* table, char const* column, std::int64_t a, std::int64_t b) {
  std::string const set = std::string("UPDATE ") + table + " SET " + column + " = ";
  std::string const where = std::string(" WHERE ") + column + " = ";
  copy.run(set + "-1" + where + text_of(a) + ";" + set + text_of(a) + where + text_of(b) + ";" + set + text_of(b) +
           where + "-1;");
}

std::vector<Kind> const& kinds() {
  static std::vector<Kind> const all{
      {"an event is reworded",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const at = comment_from(copy, chance.event());
         copy.run("UPDATE event SET body = replace(body, '次记录', '次纪录') WHERE sequence = " + text_of(at));
         return {{event_named(at)}};
       }},
      {"an event is reworded and the chain mended",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const at = comment_from(copy, chance.event());
         copy.run("UPDATE event SET body = replace(body, '次记录', '次纪录') WHERE sequence = " + text_of(at));
         copy.mend(case_of(copy, at));
         return {{event_named(at)}};
       },
       true},
      {"an event gets another member that nobody reads",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const at = chance.event();
         copy.run("UPDATE event SET body = json_set(body, '$.note', 'x') WHERE sequence = " + text_of(at));
         return {{event_named(at)}};
       }},
      {"an event's hash is altered",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const at = chance.event();
         auto const id = case_of(copy, at);
         copy.run("UPDATE event SET hash = '" + std::string(64, '0') + "' WHERE sequence = " + text_of(at));
         return {{id}, &Found::cases};
       }},
      {"an event is removed",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const at = chance.event();
         copy.run("DELETE FROM event WHERE sequence = " + text_of(at));
         return {{event_named(at) + "case  revision 0: the event is gone"}};
       }},
      {"an event is removed and those after it moved up",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const at = chance.between(1, original().events - 1);
         copy.run("DELETE FROM event WHERE sequence = " + text_of(at) +
                  "; UPDATE event SET sequence = -sequence + 1 WHERE sequence > " + text_of(at) +
                  "; UPDATE event SET sequence = -sequence WHERE sequence < 0;");
         return {{event_named(at)}};
       }},
      {"two events change places in the log",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const a = chance.event();
         auto const b = 1 + (a - 1 + chance.between(1, original().events - 1)) % original().events;
         swap_numbers(copy, "event", "sequence", a, b);
         return {{event_named(a), event_named(b)}};
       },
       true},
      {"two events of a case change places in it",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const& id = chance.one_case();
         auto const of_case = " WHERE case_id = '" + id + "' AND revision = ";
         copy.run("UPDATE event SET revision = 1000" + of_case + "4; UPDATE event SET revision = 4" + of_case +
                  "6; UPDATE event SET revision = 6" + of_case + "1000;");
         return {{id}, &Found::cases};
       }},
      {"an event is put in",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const at = chance.event();
         auto const like = comment_from(copy, chance.event());
         make_room_at(copy, at);
         copy.run("INSERT INTO event SELECT " + text_of(at) +
                  ", case_id, 900, 0, hash, body FROM event WHERE sequence = " + text_of(like >= at ? like + 1 : like));
         return {{event_named(at)}};
       }},
      {"an event is put in as if it had been the last of its case, and everything mended",
       [](Copy const& copy, Chance& chance) -> Expected {
         // After the last event of all it would look like work that is not sealed yet.
         auto const& id = original().cases[static_cast<std::size_t>(chance.between(0, 6))];
         auto const at = copy.ask("SELECT max(sequence) + 1 FROM event WHERE case_id = '" + id + "'");
         make_room_at(copy, at);
         auto const place = std::string(" WHERE id = '") + id + "';";
         copy.run("INSERT INTO event SELECT " + text_of(at) +
                  ", case_id, revision + 1, 0, hash, json_set(body, '$.revision', revision + 1, '$.index', 0, "
                  "'$.type', 'commented', '$.body', json('{\"comment\":\"后加的\"}')) FROM event WHERE sequence = " +
                  text_of(at - 1) +
                  "; UPDATE cases SET revision = revision + 1, body = json_set(body, '$.revision', revision + 1)" +
                  place);
         copy.mend(id);
         return {{event_named(at)}};
       }},
      {"a case is removed with all that was its own",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const& id = chance.one_case();
         Expected expected;
         auto const first = copy.ask("SELECT min(sequence) FROM event WHERE case_id = '" + id + "'");
         auto const last = copy.ask("SELECT max(sequence) FROM event WHERE case_id = '" + id + "'");
         std::string script;
         for (auto const* const table : {"event", "party", "deadline", "link", "document", "handled", "reached"})
           script += std::string("DELETE FROM ") + table + " WHERE case_id = '" + id + "';";
         script += "DELETE FROM place WHERE row = (SELECT row FROM cases WHERE id = '" + id + "');";
         copy.run(script + "DELETE FROM cases WHERE id = '" + id + "';");
         return {{event_named(first) + "case  revision 0: the event is gone", event_named(last)}};
       }},
      {"the newest case is removed, its number given back",
       [](Copy const& copy, Chance&) -> Expected {
         auto const& id = original().cases.back();
         auto const first = copy.ask("SELECT min(sequence) FROM event WHERE case_id = '" + id + "'");
         std::string script;
         for (auto const* const table : {"event", "party", "deadline", "link", "document", "handled", "reached"})
           script += std::string("DELETE FROM ") + table + " WHERE case_id = '" + id + "';";
         script += "DELETE FROM place WHERE row = (SELECT row FROM cases WHERE id = '" + id + "');";
         copy.run(script + "DELETE FROM cases WHERE id = '" + id + "'; UPDATE counter SET last = last - 1;");
         return {{event_named(first) + "case  revision 0: the event is gone"}};
       },
       true},
      {"a case says another state",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const& id = chance.one_case();
         copy.run("UPDATE cases SET state = 'struck_off', body = json_set(body, '$.state', 'struck_off') WHERE id = '" +
                  id + "'");
         return {{id}, &Found::cases};
       }},
      {"a case's row is removed",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const& id = chance.one_case();
         auto const number = copy.ask_text("SELECT number FROM cases WHERE id = '" + id + "'");
         copy.run("DELETE FROM cases WHERE id = '" + id + "'");
         bool const newest = id == original().cases.back();
         return {{newest ? "" : "a case is gone"}, &Found::cases};
       }},
      {"two cases change their histories",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const& a = chance.one_case();
         auto const& b = a == original().cases.front() ? original().cases.back() : original().cases.front();
         copy.run("UPDATE event SET case_id = CASE case_id WHEN '" + a + "' THEN '" + b + "' ELSE '" + a +
                  "' END, revision = revision + 1000 WHERE case_id IN ('" + a + "', '" + b +
                  "'); UPDATE event SET revision = revision - 1000 WHERE revision > 1000;");
         return {{"case " + a, "case " + b}};
       }},
      {"a seal is removed",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const number = chance.seal();
         copy.run("DELETE FROM seal WHERE number = " + text_of(number));
         return {{seal_named(number)}};
       }},
      {"several seals are removed",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const first = chance.between(1, original().seals - 1);
         copy.run("DELETE FROM seal WHERE number >= " + text_of(first) + " AND number < " + text_of(first + 3));
         return {{seal_named(first)}};
       }},
      {"something of a seal is altered",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const number = chance.seal();
         static std::array<char const*, 9> const sets{"at = at + 1",
                                                      "size = size + 1",
                                                      "root = substr(root, 2) || 'x'",
                                                      "previous = substr(root, 2) || '0'",
                                                      "key = substr(key, 2) || '0'",
                                                      "signature = substr(signature, 2) || '0'",
                                                      "decoys = decoys + 1",
                                                      "first_sequence = first_sequence + 1",
                                                      "events = events + 1"};
         copy.run(std::string("UPDATE seal SET ") + sets[static_cast<std::size_t>(chance.between(0, 8))] +
                  " WHERE number = " + text_of(number));
         return {{seal_named(number)}};
       }},
      {"the salt of a seal is altered",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const number = copy.ask("SELECT number FROM seal WHERE decoys > 0 ORDER BY number < " +
                                      text_of(chance.seal()) + ", number LIMIT 1");
         copy.run("UPDATE seal SET salt = substr(salt, 2) || 'x' WHERE number = " + text_of(number));
         return {{seal_named(number)}};
       }},
      {"two seals change places",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const a = chance.seal();
         auto const b = 1 + (a - 1 + chance.between(1, original().seals - 1)) % original().seals;
         swap_numbers(copy, "seal", "number", a, b);
         return {{seal_named(a), seal_named(b)}};
       }},
      {"a seal is put in",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const at = chance.between(1, original().seals + 1);
         copy.run("UPDATE seal SET number = -number - 1 WHERE number >= " + text_of(at) +
                  "; UPDATE seal SET number = -number WHERE number < 0; INSERT INTO seal SELECT " + text_of(at) +
                  ", at, size, root, previous, key, signature, decoys, salt, first_sequence, events FROM seal WHERE "
                  "number = " +
                  text_of(at == 1 ? 2 : at - 1) + ";");
         // A copy of the first seal in front of it is the first seal; the second is then one too many.
         return {{seal_named(std::max<std::int64_t>(at, 2))}};
       }},
      {"a hash of the log is altered",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const leaf = chance.between(0, original().leaves - 1);
         auto const tile = " WHERE level = 0 AND place = " + text_of(leaf / tile_width);
         auto const from = text_of(leaf % tile_width * 32);
         copy.run("UPDATE seal_tile SET hashes = CAST(substr(hashes, 1, " + from +
                  ") || zeroblob(32) || substr(hashes, " + from + " + 33) AS BLOB)" + tile);
         return {{seal_named(copy.ask("SELECT min(number) FROM seal WHERE size > " + text_of(leaf)))}};
       }},
      {"a higher hash of the log is altered",
       [](Copy const& copy, Chance&) -> Expected {
         copy.run("UPDATE seal_tile SET hashes = CAST(zeroblob(32) || substr(hashes, 33) AS BLOB) WHERE level = 1");
         return {{"hash 0 of level 1"}};
       }},
      {"a tile of the log is removed",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const place = chance.between(0, (original().leaves - 1) / tile_width);
         copy.run("DELETE FROM seal_tile WHERE level = 0 AND place = " + text_of(place));
         return {{"hashes that the log kept are gone"}};
       }},
      {"the log's end is cut off, seals, hashes, events and cases, right in itself",
       [](Copy const& copy, Chance& chance) -> Expected {
         // The last seals go, with their hashes; what they covered looks like work that is not sealed yet.
         auto const keep = chance.between(1, original().seals - 1);
         auto const size = copy.ask("SELECT size FROM seal WHERE number = " + text_of(keep));
         auto const last = text_of(size / tile_width);
         copy.run("DELETE FROM seal WHERE number > " + text_of(keep) +
                  "; DELETE FROM seal_tile WHERE level = 0 AND place > " + last +
                  "; DELETE FROM seal_tile WHERE level = 0 AND place = " + last + " AND " + text_of(size % tile_width) +
                  " = 0; UPDATE seal_tile SET hashes = substr(hashes, 1, " + text_of(size % tile_width * 32) +
                  ") WHERE level = 0 AND place = " + last + "; UPDATE seal_tile SET hashes = substr(hashes, 1, " +
                  last + " * 32) WHERE level = 1; DELETE FROM seal_tile WHERE length(hashes) = 0;");
         return {{"its end is gone"}, &Found::kept};
       },
       true},
      {"history is rewritten and sealed anew by the key itself",
       [](Copy const& copy, Chance& chance) -> Expected {
         auto const at = comment_from(copy, chance.event());
         copy.run("UPDATE event SET body = replace(body, '次记录', '次纪录') WHERE sequence = " + text_of(at) +
                  "; DELETE FROM seal; DELETE FROM seal_tile;");
         copy.mend(case_of(copy, at));
         auto const store = open_store(copy.directory.path());
         Sealer sealer(*store, [] { return original().heads.back().at; }, {.at_once = 32, .most_decoys = 50});
         while (sealer.seal().size < original().leaves) continue;
         return {{"not the one that the head kept elsewhere was signed over"}, &Found::kept};
       },
       true},
  };
  return all;
}

}  // namespace

TEST_CASE("nothing is named where nothing was done") {
  auto const found = look(Copy());
  CHECK(found.cases.empty());
  CHECK(found.log.empty());
  CHECK(found.kept.empty());
  CHECK(original().leaves > 2 * tile_width);
}

TEST_CASE("whatever is altered, removed, moved or added behind its back, wherever, is named") {
  auto const rounds = number_from("BIHUAN_TAMPER_ROUNDS", 2);
  auto const first = number_from("BIHUAN_TAMPER_SEED", 1);
  for (auto const& kind : kinds()) {
    for (auto seed = first; seed < first + rounds; ++seed) {
      Chance chance(seed);
      Copy const copy;
      auto const [texts, where] = kind.tamper(copy, chance);
      auto const found = look(copy);
      CAPTURE(kind.name);
      CAPTURE(seed);
      CAPTURE(found.cases);
      CAPTURE(found.log);
      CAPTURE(found.kept);
      CHECK_FALSE((found.cases.empty() && found.kept.empty()));
      for (auto const& text : texts) {
        CAPTURE(text);
        CHECK((found.*where).find(text) != std::string::npos);
      }
      if (kind.mended) CHECK(found.cases.empty());
    }
  }
}
