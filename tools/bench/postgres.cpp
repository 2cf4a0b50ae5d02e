// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/postgres.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "engine/store/sqlite/sqlite_store.hpp"
#include "tests/support/postgres_server.hpp"
#include "tools/bench/engine_load.hpp"
#include "tools/bench/http_load.hpp"
#include "tools/bench/population.hpp"
#include "tools/bench/requests.hpp"
#include "tools/bench/served_program.hpp"
#include "tools/bihuan/copy.hpp"

namespace bihuan::bench {
namespace {

constexpr std::size_t many = 64;
constexpr std::size_t nodes = 3;
constexpr int pgbench_clients = 16;

// The rows of raw_sqlite.cpp.
constexpr char bare_schema[] = R"sql(
CREATE TABLE cases (id bigint PRIMARY KEY, state text NOT NULL, revision bigint NOT NULL, changed bigint NOT NULL,
  body text NOT NULL);
CREATE TABLE event (sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, case_id bigint NOT NULL,
  revision bigint NOT NULL, body text NOT NULL);
)sql";
constexpr char fill_bare[] =
    "INSERT INTO cases SELECT n, 'rectifying', 1, 0, repeat('0', 600) FROM generate_series(1, {}) n";
constexpr char bare_step[] = R"sql(
BEGIN;
UPDATE cases SET state = 'rectifying', revision = revision + 1, changed = changed + 1 WHERE id = :id;
INSERT INTO event (case_id, revision, body) VALUES (:id, 1, repeat('x', 400));
COMMIT;
)sql";

// The rows that a step of ours writes, in the tables that it writes them to: that of the case with its indexes, a
// deadline that stops and one that starts, who handled it, and four events numbered without a gap.
constexpr char same_cases_by_number[] = R"sql(
UPDATE cases SET row = place FROM (SELECT id AS numbered, row_number() OVER (ORDER BY row) AS place FROM cases) n
 WHERE id = numbered;
)sql";
constexpr char same_step[] = R"sql(
BEGIN;
UPDATE cases SET final = 0, outcome = '', revision = revision + 1, title = title, category = category,
 changed = changed + 1, warn = warn + 1, owner_party = owner_party, head_hash = repeat('0', 64),
 search_hash = search_hash, body = body || ' ' WHERE row = :id;
UPDATE deadline SET state = 'stopped', stopped = started, first_of_owner = 0 WHERE name = 'progress' AND
 state = 'running' AND case_id = (SELECT id FROM cases WHERE row = :id);
INSERT INTO deadline (case_id, workflow, name, cycle, owner, state, started, due, warn, first_of_owner, owner_warn)
 SELECT id, workflow, 'progress', revision + 100, 'water', 'running', changed, due, warn, 1, warn FROM cases
 WHERE row = :id;
INSERT INTO handled (person, opened, case_id) SELECT 'handler-' || :client_id, opened, id FROM cases WHERE row = :id
 ON CONFLICT DO NOTHING;
WITH counted AS (UPDATE event_counter SET last = last + 4 RETURNING last)
 INSERT INTO event (sequence, case_id, revision, place, hash, body)
 SELECT last - 4 + n, id, revision + 100, n, head_hash, repeat('x', 400) FROM counted, cases, generate_series(1, 4) n
 WHERE row = :id;
COMMIT;
)sql";

// pgbench with a step, so many clients for so long. It gives the mean of its latencies alone.
class Pgbench {
 public:
  Pgbench(std::string address, std::filesystem::path script, std::string_view step, std::size_t cases)
      : script_(std::move(script)), address_(std::move(address)) {
    std::ofstream(script_) << "\\set id random(1, " << cases << ")" << step;
  }

  [[nodiscard]] Round run(std::chrono::milliseconds time) const {
    auto const seconds = std::max<std::int64_t>((time.count() + 999) / 1000, 1);
    auto const command = fmt::format("pgbench -n -M prepared -c {} -j 2 -T {} -f '{}' '{}' 2>&1", pgbench_clients,
                                     seconds, script_.string(), address_);
    std::unique_ptr<FILE, int (*)(FILE*)> const output(::popen(command.c_str(), "r"), &::pclose);
    if (!output) throw std::runtime_error("pgbench does not start");
    std::string said;
    std::array<char, 512> piece{};
    while (auto const size = std::fread(piece.data(), 1, piece.size(), output.get())) said.append(piece.data(), size);
    auto const figure = [&](std::string const& label) {
      auto const place = said.find(label);
      if (place == std::string::npos) throw std::runtime_error("pgbench: " + said);
      return std::stod(said.substr(place + label.size()));
    };
    Round round;
    round.seconds = static_cast<double>(seconds);
    round.milliseconds.assign(static_cast<std::size_t>(figure("tps = ") * round.seconds), figure("latency average = "));
    return round;
  }

 private:
  std::filesystem::path script_;
  std::string address_;
};

Side advance_through(std::vector<std::uint16_t> const& ports, CaseTurns& turns) {
  return [ports, &turns](std::chrono::milliseconds time) {
    std::vector<std::size_t> places(many);
    return load_http(ports, many, time,
                     {.next =
                          [&](std::size_t client) {
                            places[client] = turns.take();
                            return step_request(turns, places[client], client);
                          },
                      .answered = [&](std::size_t client) { turns.advanced(places[client]); }});
  };
}

Side read_through(std::vector<std::uint16_t> const& ports, CaseTurns& turns) {
  return [ports, &turns](std::chrono::milliseconds time) {
    return load_http(ports, many, time,
                     {.next = [&](std::size_t client) { return read_request(turns, turns.take(), client); }});
  };
}

}  // namespace

std::vector<Line> measure_postgres(std::filesystem::path const& directory, Pace const& pace, std::size_t cases) {
  auto library = load_library();
  auto const data = directory / "moved";
  CaseTurns turns(fill_with_open_issues(data, library, cases), filled_revision);
  test::PostgresServer server(test::PostgresServer::Kept::durably);
  auto const address = server.database("bihuan");
  std::ostringstream said;
  auto const start = Clock::now();
  if (run_copy({.from = "sqlite:" + data.string(), .to = address}, said, said) != 0)
    throw std::runtime_error("not copied: " + said.str());
  auto const copied_ms = milliseconds_since(start);

  // While nobody is connected to what it is copied from.
  server.run(server.address("postgres"), "CREATE DATABASE same TEMPLATE bihuan");
  auto const same_address = server.address("same");
  server.run(same_address, same_cases_by_number);
  server.run(same_address, "VACUUM ANALYZE cases");

  ServedProgram const sqlite = ServedProgram::of_bihuan(data);
  std::vector<std::unique_ptr<ServedProgram>> served;
  std::vector<std::uint16_t> ports;
  for (std::size_t node = 0; node < nodes; ++node) {
    auto const own = directory / fmt::format("node-{}", node);
    std::filesystem::create_directories(own);
    std::filesystem::copy_file(data / data_key_file, own / data_key_file);
    // It can be neither copied nor moved: made where it stays.
    served.emplace_back(new ServedProgram(ServedProgram::of_bihuan(own, address)));
    ports.push_back(served.back()->port());
  }
  auto const bare_address = server.database("bare");
  server.run(bare_address, bare_schema);
  server.run(bare_address, fmt::format(fill_bare, cases));
  Pgbench const bare(bare_address, directory / "bare.sql", bare_step, cases);
  Pgbench const same(same_address, directory / "same.sql", same_step, cases);

  std::vector<std::uint16_t> const one{ports.front()};
  auto const by_pgbench = [](Pgbench const& side) {
    return [&side](std::chrono::milliseconds time) { return side.run(time); };
  };
  auto const advances = measure_by_turns(
      pace, {by_pgbench(bare), by_pgbench(same), advance_through(one, turns), advance_through(ports, turns)});
  auto const reads = measure_by_turns(
      pace, {read_through({sqlite.port()}, turns), read_through(one, turns), read_through(ports, turns)});
  auto const base = fmt::format("pgbench, the same rows, {} clients", pgbench_clients);
  auto const bare_base = fmt::format("pgbench, two bare rows, {} clients", pgbench_clients);
  auto const advance_line = [&](std::string what, Sample const& side) {
    auto line = line_of(std::move(what), side, advances[1], base);
    line.note = fmt::format("{:.3f} to {}", side.per_second / advances[0].per_second, bare_base);
    return line;
  };
  return {line_of(bare_base, advances[0]),
          line_of(base, advances[1]),
          advance_line("advance, PostgreSQL, one node, 64 clients", advances[2]),
          advance_line("advance, PostgreSQL, three nodes, 64 clients", advances[3]),
          line_of("read a case, SQLite, 64 clients", reads[0]),
          line_of("read a case, PostgreSQL, one node, 64 clients", reads[1], reads[0], "SQLite"),
          line_of("read a case, PostgreSQL, three nodes, 64 clients", reads[2], reads[0], "SQLite"),
          {.what = fmt::format("copying {} cases from SQLite, with comparing and verifying", cases),
           .value = copied_ms / 1000,
           .unit = "s"}};
}

}  // namespace bihuan::bench
