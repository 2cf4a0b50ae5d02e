// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <stdexcept>

#include "tools/bench/bare_server.hpp"
#include "tools/bench/http_load.hpp"
#include "tools/bench/ledgers.hpp"
#include "tools/bench/population.hpp"
#include "tools/bench/served_program.hpp"

namespace bihuan::bench {
namespace {

constexpr std::size_t page_size = 50;

// A store with so many cases, and the service over it.
class District {
 public:
  District(std::filesystem::path const& directory, Library& library, std::size_t cases) : cases_(cases) {
    auto const start = Clock::now();
    fill_with_years_of_issues(directory, library, cases);
    fill_seconds_ = milliseconds_since(start) / 1000;
    store_ = open_store(directory, library);
    service_ = std::make_unique<CaseService>(*store_, library, wall_clock);
    later_ = full(service_->list(overdue({}), head_));
  }

  // The lists by turns, in the order of `names`.
  static constexpr std::array<char const*, 5> names{"overdue page of a unit, first", "overdue page of a unit, second",
                                                    "worklist", "search for two characters",
                                                    "newest page of who reads all and holds a part in all"};
  [[nodiscard]] std::vector<Side> sides() {
    return {repeating([this] { (void)full(service_->list(overdue({}), head_)); }),
            repeating([this] { (void)full(service_->list(overdue(later_), head_)); }),
            repeating([this] { (void)full(service_->worklist(head_, page_size, {})); }), repeating([this] {
              CaseQuery query;
              query.text = "黑水";
              query.limit = page_size;
              (void)full(service_->list(query, head_));
            }),
            repeating([this] {
              CaseQuery query;
              query.limit = page_size;
              (void)full(service_->list(query, supervisor_));
            })};
  }
  [[nodiscard]] std::size_t cases() const { return cases_; }
  [[nodiscard]] Line fill_line() const {
    return {.what = fmt::format("filling a store with {} cases, not durable", cases_),
            .value = static_cast<double>(cases_) / fill_seconds_,
            .unit = "/s"};
  }

 private:
  static Side repeating(std::function<void()> once) {
    return [once = std::move(once)](std::chrono::milliseconds time) {
      return run_threads(1, time, [&](std::size_t) { once(); });
    };
  }
  static CaseQuery overdue(std::string const& cursor) {
    CaseQuery query;
    query.unit = busy_unit;
    query.light = Light::red;
    query.limit = page_size;
    query.cursor = cursor;
    return query;
  }
  // The cursor behind the page.
  static std::string full(Result<Page<Case>> const& page) {
    if (!page || page->items.size() != page_size) throw std::runtime_error("a page is not full");
    return page->next_cursor;
  }

  Actor const head_{"head", busy_unit, {"dept_head"}, false};
  Actor const supervisor_{"supervisor", "inspection-office", {"supervisor"}, false};
  std::size_t cases_;
  double fill_seconds_ = 0;
  std::unique_ptr<Store> store_;
  std::unique_ptr<CaseService> service_;
  std::string later_;
};

std::vector<Line> list_lines(Pace const& pace, District& few, District& many) {
  auto sides = few.sides();
  for (auto& side : many.sides()) sides.push_back(std::move(side));
  auto const samples = measure_by_turns(pace, sides);
  std::vector<Line> lines;
  for (std::size_t list = 0; list < District::names.size(); ++list) {
    auto const& base = samples[list];
    auto const& sample = samples[list + District::names.size()];
    lines.push_back(line_of(fmt::format("{}, {} cases", District::names[list], few.cases()), base));
    auto line = line_of(fmt::format("{}, {} cases", District::names[list], many.cases()), sample);
    line.ratio = sample.p50_ms / base.p50_ms;  // of times: 1 is as fast, 2 twice as slow
    line.against = fmt::format("its time at {} cases", few.cases());
    lines.push_back(std::move(line));
  }
  return lines;
}

// A unit's most overdue over HTTP, against a server that answers with the same bytes.
std::vector<Line> page_over_http(Pace const& pace, ServedProgram const& program, std::size_t cases) {
  constexpr std::size_t clients = 64;
  auto const request = fmt::format(
      "GET /api/v1/cases?unit={}&light=red&limit={} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\n\r\n",
      busy_unit, page_size, token_of_supervisor);
  auto const answer = ask_http(program.port(), request);
  if (answer.status != 200) throw std::runtime_error("the overdue cannot be listed: " + answer.body);
  BareServer const bare(answer.head, answer.body);
  auto const asking = [&request](std::uint16_t port) -> Side {
    return [&request, port](std::chrono::milliseconds time) {
      return load_http(port, clients, time, {.next = [&](std::size_t) { return request; }});
    };
  };
  auto const samples = measure_by_turns(pace, {asking(bare.port()), asking(program.port())});
  auto const base = fmt::format("bare Beast, {} bytes, 64 clients", answer.head.size() + answer.body.size());
  return {line_of(base, samples[0]), line_of(fmt::format("overdue page of a unit, HTTP, 64 clients, {} cases", cases),
                                             samples[1], samples[0], "bare Beast")};
}

}  // namespace

std::vector<Line> measure_lists(std::filesystem::path const& directory, Pace const& pace, std::size_t few,
                                std::size_t many, std::size_t rows) {
  auto library = load_library();
  std::vector<Line> lines;
  {
    District small(directory / "few", library, few);
    District large(directory / "many", library, many);
    lines = list_lines(pace, small, large);
    lines.push_back(large.fill_line());
  }
  auto const program = ServedProgram::of_bihuan(directory / "many");
  lines.push_back(
      {.what = fmt::format("start of the program, {} cases", many), .value = program.start_up_ms(), .unit = "ms"});
  std::ranges::move(page_over_http(pace, program, many), std::back_inserter(lines));
  std::ranges::move(measure_ledgers(program, many, rows), std::back_inserter(lines));
  return lines;
}

}  // namespace bihuan::bench
