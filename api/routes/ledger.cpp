// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include "api/http/problem.hpp"
#include "api/routes/answer.hpp"
#include "api/routes/case_query.hpp"
#include "api/routes/csv.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/ledger_rows.hpp"
#include "api/routes/ledger_sheet.hpp"
#include "api/routes/record.hpp"
#include "api/routes/temporary_file.hpp"

namespace bihuan::routes {
namespace {

// Writes a ledger as it is read.
class CsvLedger {
 public:
  explicit CsvLedger(LedgerRows rows) : rows_(std::move(rows)), text_(byte_order_mark) {
    CsvLine line;
    for (auto const& column : rows_.columns()) line.text(column.title);
    text_ += line.take();
  }

  std::size_t read(std::span<char> out) {
    while (taken_ == text_.size() && !ended_) write_page();
    auto const size = std::min(out.size(), text_.size() - taken_);
    std::memcpy(out.data(), text_.data() + taken_, size);
    taken_ += size;
    return size;
  }

 private:
  void write_page() {
    text_.clear();
    taken_ = 0;
    auto const page = rows_.next_page();
    ended_ = page.empty();
    CsvLine line;
    for (auto const& row : page) {
      for (auto const& cell : row.cells) {
        if (cell.kind == LedgerCell::Kind::text) {
          line.text(cell.text);
        } else {
          line.plain(cell.text);
        }
      }
      text_ += line.take();
    }
  }

  LedgerRows rows_;
  std::string text_;
  std::size_t taken_ = 0;
  bool ended_ = false;
};

struct Taken {
  CaseQuery query;
  Language language = Language::zh;
};

// What to take out, with the taking out on record.
Step<Taken> take_out(Request& request, Context& context, char const* format) {
  auto query = read_case_query(request, context);
  if (!query) return tl::make_unexpected(query.error());
  auto const language = read_language(request);
  if (!language) return tl::make_unexpected(language.error());
  auto seen = look_at_list(AuditKind::exported, request, 0);
  seen.detail.erase("shown");
  seen.detail.at("filter").erase("lang");
  seen.detail["format"] = format;
  if (auto full = record(request, context, std::move(seen))) return tl::make_unexpected(std::move(*full));
  return Taken{.query = std::move(*query), .language = *language};
}

Response file_answer(char const* type, std::string const& ending, Context& context) {
  auto const date = format_date(Zone().date_of(context.cases.now()));
  Response response;
  response.headers.add("Content-Type", type);
  response.headers.add("Content-Disposition", "attachment; filename=\"ledger-" + date + '.' + ending + '"');
  response.headers.add("Cache-Control", "no-store");
  return response;
}

}  // namespace

Response get_ledger(Request& request, Context& context) {
  auto taken = take_out(request, context, "csv");
  if (!taken) return taken.error();
  auto const ledger = std::make_shared<CsvLedger>(
      LedgerRows(context, caller_of(request).actor, std::move(taken->query), taken->language));
  auto response = file_answer("text/csv; charset=utf-8", "csv", context);
  response.source = [ledger](std::span<char> out) { return ledger->read(out); };
  return response;
}

Response get_ledger_sheet(Request& request, Context& context) {
  auto taken = take_out(request, context, "xlsx");
  if (!taken) return taken.error();
  auto const& caller = caller_of(request);
  LedgerRows rows(context, caller.actor, std::move(taken->query), taken->language);
  // Made whole before it goes out, so that a fault is still answered as one.
  auto const file = std::make_shared<TemporaryFile>();
  write_sheet(
      rows.columns(), [&rows] { return rows.next_page(); },
      {.author = caller.person.full_name, .made = context.cases.now(), .language = taken->language}, file->path());
  auto response = file_answer("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", context);
  response.source_length = file->size();
  response.source = [file](std::span<char> out) { return file->read(out); };
  return response;
}

}  // namespace bihuan::routes
