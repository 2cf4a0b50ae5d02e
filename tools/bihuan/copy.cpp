// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/copy.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <ostream>

#include "engine/core/json.hpp"
#include "engine/core/message.hpp"
#include "engine/store/copy/copy.hpp"
#include "engine/store/postgres/copy_side.hpp"
#include "engine/store/postgres/postgres_store.hpp"
#include "engine/store/sqlite/copy_side.hpp"
#include "tools/bihuan/data_directory.hpp"
#include "tools/bihuan/open_store.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/verify.hpp"

namespace bihuan {
namespace {

using Clock = std::chrono::steady_clock;

// One of the two addresses, as it was given.
struct Address {
  std::filesystem::path directory;  // of SQLite
  std::string uri;                  // of PostgreSQL
};

std::optional<Address> address_of(std::string const& text, std::ostream& err) {
  constexpr std::string_view sqlite = "sqlite:";
  if (names_postgres(text)) return Address{.directory = {}, .uri = text};
  if (text.starts_with(sqlite) && text.size() > sqlite.size())
    return Address{.directory = text.substr(sqlite.size()), .uri = {}};
  say(err, message("copy.bad_address", {{"value", text}}));
  return std::nullopt;
}

Result<CopySide> side_of(Address const& address, CopyEnd end) {
  return address.uri.empty() ? sqlite_copy_side(address.directory, end) : postgres_copy_side(address.uri, end);
}

// A line when a table is done, and not more than one a second before.
class Lines {
 public:
  explicit Lines(std::ostream& err) : err_(err) {}

  void tell(CopyProgress const& now) {
    if (now.done < now.all && Clock::now() < next_) return;
    next_ = Clock::now() + std::chrono::seconds{1};
    say(err_, message(now.step == CopyProgress::Step::copying ? "copy.progress" : "copy.comparing",
                      {{"table", now.table}, {"done", std::to_string(now.done)}, {"all", std::to_string(now.all)}}));
  }

 private:
  std::ostream& err_;
  Clock::time_point next_{};
};

void print(std::ostream& out, bool json, std::vector<CopiedRows> const& copied) {
  std::int64_t rows = 0;
  Json tables = Json::object();
  for (auto const& table : copied) {
    rows += table.rows;
    tables[table.table] = table.rows;
  }
  if (json) {
    out << canonical({{"rows", rows}, {"tables", tables}}) << std::endl;
    return;
  }
  for (auto const& table : copied) out << table.table << " " << table.rows << "\n";
  say(out, message("copy.done", {{"rows", std::to_string(rows)}, {"tables", std::to_string(copied.size())}}));
}

Result<std::vector<CopiedRows>> copy(Address const& from, Address const& to, CopyOptions const& options,
                                     std::ostream& err) {
  auto const source = side_of(from, CopyEnd::from);
  if (!source) return refused(source.error());
  auto const target = side_of(to, CopyEnd::to);
  if (!target) return refused(target.error());
  Lines lines(err);
  return copy_store(*source, *target,
                    {.at_once = options.at_once, .progress = [&](CopyProgress const& now) { lines.tell(now); }});
}

}  // namespace

int run_copy(CopyOptions const& options, std::ostream& out, std::ostream& err) {
  auto const from = address_of(options.from, err);
  auto const to = address_of(options.to, err);
  if (!from || !to) return wrong_use;
  if (from->uri.empty() && !holds_data(from->directory, err)) return said_no;
  return say_faults(err, [&] {
    auto const copied = copy(*from, *to, options, err);
    if (!copied) {
      print_refusals(err, copied.error());
      return said_no;
    }
    print(out, options.json, *copied);
    auto const status = run_verify({.data = to->directory, .store = to->uri, .json = options.json}, out, err);
    say(err, message("copy.keep_key"));
    return status;
  });
}

}  // namespace bihuan
