// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/overdue_page.hpp"

#include <fmt/format.h>

#include <memory>
#include <stdexcept>

#include "tools/bench/population.hpp"

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
    later_ = page_after({});
  }

  [[nodiscard]] Side first_page() {
    return [this](std::chrono::milliseconds time) {
      return run_threads(1, time, [this](std::size_t) { (void)page_after({}); });
    };
  }
  [[nodiscard]] Side second_page() {
    return [this](std::chrono::milliseconds time) {
      return run_threads(1, time, [this](std::size_t) { (void)page_after(later_); });
    };
  }
  [[nodiscard]] std::size_t cases() const { return cases_; }
  [[nodiscard]] Line fill_line() const {
    return {.what = fmt::format("filling a store with {} cases, not durable", cases_),
            .value = static_cast<double>(cases_) / fill_seconds_,
            .unit = "/s"};
  }

 private:
  // The cursor behind the page.
  std::string page_after(std::string const& cursor) {
    CaseQuery query;
    query.unit = busy_unit;
    query.light = Light::red;
    query.limit = page_size;
    query.cursor = cursor;
    auto const page = service_->list(query, {"head", busy_unit, {"dept_head"}, false});
    if (!page || page->items.size() != page_size) throw std::runtime_error("the overdue page is not full");
    return page->next_cursor;
  }

  std::size_t cases_;
  double fill_seconds_ = 0;
  std::unique_ptr<Store> store_;
  std::unique_ptr<CaseService> service_;
  std::string later_;
};

Line page_line(std::string const& which, District const& district, Sample const& sample) {
  return line_of(fmt::format("overdue page of a unit, {}, {} cases", which, district.cases()), sample);
}

Line page_line(std::string const& which, District const& district, Sample const& sample, District const& other,
               Sample const& base) {
  auto line = page_line(which, district, sample);
  line.ratio = sample.p50_ms / base.p50_ms;  // of times: 1 is as fast, 2 twice as slow
  line.against = fmt::format("its time at {} cases", other.cases());
  return line;
}

}  // namespace

std::vector<Line> measure_overdue_page(std::filesystem::path const& directory, Pace const& pace, std::size_t few,
                                       std::size_t many) {
  auto library = load_library();
  District small(directory / "few", library, few);
  District large(directory / "many", library, many);
  auto const samples =
      measure_by_turns(pace, {small.first_page(), large.first_page(), small.second_page(), large.second_page()});
  return {page_line("first", small, samples[0]), page_line("first", large, samples[1], small, samples[0]),
          page_line("second", small, samples[2]), page_line("second", large, samples[3], small, samples[2]),
          large.fill_line()};
}

}  // namespace bihuan::bench
