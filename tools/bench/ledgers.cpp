// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/ledgers.hpp"

#include <fmt/format.h>

#include <functional>
#include <stdexcept>

#include "engine/core/json.hpp"
#include "tools/bench/http_load.hpp"
#include "tools/bench/population.hpp"

namespace bihuan::bench {
namespace {

std::string request(std::string const& line, std::string const& body = {}) {
  return fmt::format(
      "{} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\nConnection: close\r\n"
      "Content-Type: text/csv\r\nContent-Length: {}\r\n\r\n{}",
      line, token_of_supervisor, body.size(), body);
}

// What passes through the program in one go: rows a second, the processor time of one, and the memory beyond what it
// had in use before.
std::vector<Line> passing(ServedProgram const& program, std::string const& what, std::size_t rows,
                          std::function<void()> const& pass) {
  auto const memory = program.peak_memory();
  auto const spent = program.processor_seconds();
  auto const start = Clock::now();
  pass();
  auto const seconds = milliseconds_since(start) / 1000;
  auto const count = static_cast<double>(rows);
  return {{.what = fmt::format("{}, {} rows", what, rows),
           .value = count / seconds,
           .unit = "/s",
           .processor_us = (program.processor_seconds() - spent) * 1e6 / count},
          {.what = "memory that this took more than before", .value = program.peak_memory() - memory, .unit = "MB"}};
}

void take_out(ServedProgram const& program, std::string const& form, std::size_t least_lines) {
  auto const taken = drain_http(program.port(), request("GET /api/v1/ledger." + form));
  if (taken.status != 200 || taken.lines < least_lines) throw std::runtime_error("the ledger is not whole");
}

// One in a hundred with a category that there is not.
std::string new_rows(std::size_t rows) {
  std::string ledger =
      "\xEF\xBB\xBF"
      "流程,问题描述,问题来源,环境要素,问题等级\r\n";
  for (std::size_t row = 0; row < rows; ++row)
    ledger +=
        fmt::format("inspection-issue,第{}号雨水口冒黑水,日常检查,{},一般\r\n", row + 1, row % 100 == 99 ? "火" : "水");
  return ledger;
}

void bring_in(ServedProgram const& program, std::string const& ledger, std::string const& how, std::size_t opened,
              std::size_t refused) {
  auto const answer = ask_http(program.port(), request("POST /api/v1/imports?" + how, ledger));
  auto const summary = Json::parse(answer.body, nullptr, false);
  bool const whole = answer.status == 200 && summary.value("opened", std::size_t{0}) == opened &&
                     summary.value("refused", std::size_t{0}) == refused;
  if (!whole) throw std::runtime_error("the ledger was not taken: " + answer.body.substr(0, 500));
}

}  // namespace

std::vector<Line> measure_ledgers(ServedProgram const& program, std::size_t cases, std::size_t rows) {
  std::vector<Line> lines;
  auto const add = [&](std::string const& what, std::size_t count, std::function<void()> const& pass) {
    for (auto& line : passing(program, what, count, pass)) lines.push_back(std::move(line));
  };
  add("ledger as CSV over HTTP", cases, [&] { take_out(program, "csv", cases + 1); });
  add("ledger as a workbook over HTTP", cases, [&] { take_out(program, "xlsx", 1); });
  auto const ledger = new_rows(rows);
  auto const refused = rows / 100;
  add("import of new cases, looked at", rows,
      [&] { bring_in(program, ledger, "dry_run=true", rows - refused, refused); });
  add("import of new cases, taken without the faulty", rows,
      [&] { bring_in(program, ledger, "dry_run=false&skip_faulty=true", rows - refused, refused); });
  return lines;
}

}  // namespace bihuan::bench
