// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <utility>

#include "api/http/problem.hpp"
#include "api/routes/answer.hpp"
#include "api/routes/case_query.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "engine/format/ledger_csv.hpp"
#include "engine/format/ledger_rows.hpp"
#include "engine/format/ledger_sheet.hpp"
#include "engine/format/temporary_file.hpp"

namespace bihuan::routes {
namespace {

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
  auto const ledger = std::make_shared<LedgerCsv>(
      LedgerRows(context.cases, caller_of(request).actor, std::move(taken->query), taken->language));
  auto response = file_answer("text/csv; charset=utf-8", "csv", context);
  response.source = [ledger](std::span<char> out) { return ledger->read(out); };
  return response;
}

Response get_ledger_sheet(Request& request, Context& context) {
  auto taken = take_out(request, context, "xlsx");
  if (!taken) return taken.error();
  auto const& caller = caller_of(request);
  LedgerRows rows(context.cases, caller.actor, std::move(taken->query), taken->language);
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
