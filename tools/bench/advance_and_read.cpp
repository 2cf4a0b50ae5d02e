// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/advance_and_read.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <stdexcept>

#include "tools/bench/bare_server.hpp"
#include "tools/bench/engine_load.hpp"
#include "tools/bench/http_load.hpp"
#include "tools/bench/population.hpp"
#include "tools/bench/raw_sqlite.hpp"
#include "tools/bench/requests.hpp"
#include "tools/bench/served_program.hpp"

namespace bihuan::bench {
namespace {

constexpr std::size_t many = 64;

std::string open_request(std::size_t client) {
  auto const body = Json{
      {"workflow", "inspection-issue"},
      {"fields",
       {{"problem", "雨水口冒黑水，有臭味"},
        {"source", "routine-check"},
        {"category", "water"},
        {"level",
         "general"}}}}.dump();
  return fmt::format("{}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                     head_of("POST", "/api/v1/cases", client), body.size(), body);
}

Round counting_processor_time(ServedProgram const& program, std::function<Round()> const& side) {
  auto const before = program.processor_seconds();
  auto round = side();
  round.processor_seconds = program.processor_seconds() - before;
  return round;
}

Side advance_over_http(ServedProgram const& program, CaseTurns& turns, std::size_t clients) {
  return [&program, &turns, clients](std::chrono::milliseconds time) {
    std::vector<std::size_t> places(clients);
    return counting_processor_time(program, [&] {
      return load_http(program.port(), clients, time,
                       {.next =
                            [&](std::size_t client) {
                              places[client] = turns.take();
                              return step_request(turns, places[client], client);
                            },
                        .answered = [&](std::size_t client) { turns.advanced(places[client]); }});
    });
  };
}

Side open_over_http(ServedProgram const& program, std::size_t clients) {
  return [&program, clients](std::chrono::milliseconds time) {
    return counting_processor_time(program,
                                   [&] { return load_http(program.port(), clients, time, {.next = open_request}); });
  };
}

Side read_over_http(std::uint16_t port, CaseTurns& turns, std::size_t clients) {
  return [port, &turns, clients](std::chrono::milliseconds time) {
    return load_http(port, clients, time,
                     {.next = [&](std::size_t client) { return read_request(turns, turns.take(), client); }});
  };
}

Side read_from(ServedProgram const& program, CaseTurns& turns, std::size_t clients) {
  return [&program, read = read_over_http(program.port(), turns, clients)](std::chrono::milliseconds time) {
    return counting_processor_time(program, [&] { return read(time); });
  };
}

HttpAnswer read_once(ServedProgram const& program, CaseTurns const& turns) {
  auto answer = ask_http(program.port(), read_request(turns, 0, 0));
  if (answer.status != 200) throw std::runtime_error("a case cannot be read: " + answer.body);
  return answer;
}

std::vector<Line> advance_lines(std::vector<Sample> const& samples) {
  auto const& raw = samples[0];
  std::string const base = "raw SQLite";
  std::vector<Line> lines{line_of("raw SQLite, a transition, one commit each", raw),
                          line_of("advance, engine, 1 thread", samples[1], raw, base),
                          line_of("advance, engine, 64 threads", samples[2], raw, base),
                          line_of("advance, HTTP, 1 client", samples[3], raw, base),
                          line_of("advance, HTTP, 64 clients", samples[4], raw, base),
                          line_of("open a case, HTTP, 64 clients", samples[5], raw, base)};
  if (samples.size() > 6)
    lines.push_back(line_of("advance, hand-written node:http + better-sqlite3, 64 clients", samples[6], raw, base));
  lines.push_back({.what = "p99 of advance, HTTP, 64 clients",
                   .value = samples[4].p99_ms,
                   .unit = "ms",
                   .ratio = samples[4].p99_ms / raw.p50_ms,
                   .against = "p50 of a raw commit"});
  return lines;
}

// Takes a first step in every case: rows that grow split the pages that filling has left full, which costs as much as
// the step itself, and which side met more of them would be chance.
void go_round_once(CaseTurns const& turns, Side const& side) {
  while (!turns.went_round()) side(std::chrono::seconds(1));
}

// Ten times as many as at the height of its rate, and none of them waits before asking again.
std::vector<Line> overload_lines(Pace const& pace, ServedProgram const& program, CaseTurns& turns,
                                 Sample const& usual) {
  auto const round = advance_over_http(program, turns, 10 * many)(pace.round);
  Round refusals;
  refusals.seconds = round.seconds;
  refusals.milliseconds = round.refused_milliseconds;
  return {line_of("overload: advance, HTTP, 640 clients", summarize({round}), usual, "64 clients"),
          line_of("overload: answered 503 meanwhile", summarize({refusals}))};
}

// The same step by the hand-written server, and a reading of what it keeps of a case.
class Peer {
 public:
  Peer(std::filesystem::path const& directory, std::size_t cases)
      : program_(ServedProgram::of_peer(directory / "peer.db", cases)), turns_(numbers_below(cases), 1) {}

  Side advance() {
    return [this](std::chrono::milliseconds time) {
      std::vector<std::size_t> places(many);
      return counting_processor_time(program_, [&] {
        return load_http(program_.port(), many, time,
                         {.next =
                              [&](std::size_t client) {
                                places[client] = turns_.take();
                                return step(places[client]);
                              },
                          .answered = [&](std::size_t client) { turns_.advanced(places[client]); }});
      });
    };
  }
  Side read() {
    return [this](std::chrono::milliseconds time) {
      return counting_processor_time(program_, [&] {
        return load_http(program_.port(), many, time, {.next = [&](std::size_t) {
                           return fmt::format("GET /cases/{} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                                              turns_.id(turns_.take()));
                         }});
      });
    };
  }

 private:
  static std::vector<std::string> numbers_below(std::size_t end) {
    std::vector<std::string> numbers;
    for (std::size_t number = 0; number < end; ++number) numbers.push_back(std::to_string(number));
    return numbers;
  }
  std::string step(std::size_t place) {
    auto const body = Json{{"input", step_input(turns_.revision(place))}}.dump();
    return fmt::format(
        "POST /cases/{}/advance HTTP/1.1\r\nHost: 127.0.0.1\r\nIf-Match: \"{}\"\r\nContent-Length: {}\r\n\r\n{}",
        turns_.id(place), turns_.revision(place), body.size(), body);
  }

  ServedProgram program_;
  CaseTurns turns_;
};

std::vector<Line> read_lines(std::vector<Sample> const& samples, std::size_t bytes) {
  auto const base = fmt::format("bare Beast, {} bytes", bytes);
  std::vector<Line> lines{line_of(base + ", 1 client", samples[0]), line_of(base + ", 64 clients", samples[1]),
                          line_of("read a case, HTTP, 1 client", samples[2], samples[0], "bare Beast, 1 client"),
                          line_of("read a case, HTTP, 64 clients", samples[3], samples[1], "bare Beast, 64 clients")};
  if (samples.size() > 4)
    lines.push_back(line_of("read a case, hand-written, 64 clients", samples[4], samples[1], "bare Beast, 64 clients"));
  return lines;
}

}  // namespace

std::vector<Line> measure_advance_and_read(std::filesystem::path const& directory, Pace const& pace,
                                           std::size_t cases) {
  auto library = load_library();
  CaseTurns in_process(fill_with_open_issues(directory / "engine", library, cases), filled_revision);
  CaseTurns served(fill_with_open_issues(directory / "served", library, cases), filled_revision);
  RawSqlite raw(directory / "raw.db", cases);
  auto const store = open_store(directory / "engine", library);
  CaseService service(*store, library, wall_clock);
  auto const program = ServedProgram::of_bihuan(directory / "served");

  go_round_once(in_process, advance_in_process(service, in_process, many));
  go_round_once(served, advance_over_http(program, served, many));

  std::optional<Peer> peer;
  if (ServedProgram::has_peer()) peer.emplace(directory, cases);
  std::vector<Side> sides{
      [&](std::chrono::milliseconds time) { return run_threads(1, time, [&](std::size_t) { raw.advance(); }); },
      advance_in_process(service, in_process, 1),
      advance_in_process(service, in_process, many),
      advance_over_http(program, served, 1),
      advance_over_http(program, served, many),
      open_over_http(program, many)};
  if (peer) sides.push_back(peer->advance());
  auto const advances = measure_by_turns(pace, sides);
  auto lines = advance_lines(advances);
  std::ranges::move(overload_lines(pace, program, served, advances[4]), std::back_inserter(lines));

  auto const answer = read_once(program, served);
  BareServer const bare(answer.head, answer.body);
  sides = {read_over_http(bare.port(), served, 1), read_over_http(bare.port(), served, many),
           read_from(program, served, 1), read_from(program, served, many)};
  if (peer) sides.push_back(peer->read());
  auto const reads = read_lines(measure_by_turns(pace, sides), answer.head.size() + answer.body.size());
  lines.insert(lines.end(), reads.begin(), reads.end());
  lines.push_back(
      {.what = fmt::format("start of the program, {} cases", cases), .value = program.start_up_ms(), .unit = "ms"});
  lines.push_back({.what = "most memory of the program under this load", .value = program.peak_memory(), .unit = "MB"});
  return lines;
}

}  // namespace bihuan::bench
