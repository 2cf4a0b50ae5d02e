// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>
#include <memory>

#include "api/routes/answer.hpp"
#include "api/routes/case_query.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "engine/core/message.hpp"
#include "engine/format/import_run.hpp"
#include "engine/format/temporary_file.hpp"
#include "engine/store/digest.hpp"
#include "engine/store/store_fault.hpp"

namespace bihuan::routes {
namespace {

// What is sent lies on the disk, so that its size is nobody's memory. Its hash says what it was.
std::string receive(Request& request, TemporaryFile const& file) {
  std::ofstream out(file.path(), std::ios::binary);
  Digest digest;
  for (auto piece = request.reader->next(); !piece.empty(); piece = request.reader->next()) {
    digest.update({piece.data(), piece.size()});
    out.write(piece.data(), static_cast<std::streamsize>(piece.size()));
  }
  out.flush();
  if (!out) throw StoreFault("a temporary file cannot be written");
  return digest.finish();
}

Step<bool> read_truth(Request const& request, std::string_view name, bool usual) {
  auto const text = request.query_parameter(name);
  if (!text) return usual;
  if (*text == "true" || *text == "false") return *text == "true";
  return tl::make_unexpected(parameter_problem(not_among(name, *text, {"true", "false"}), request));
}

struct Asked {
  ImportOptions options;
  std::optional<std::string> workflow;
  ImportMapping const* mapping = nullptr;
  bool report = false;
};

Step<Asked> read_asked(Request const& request, Context const& context) {
  Asked asked;
  auto const dry_run = read_truth(request, "dry_run", true);
  if (!dry_run) return tl::make_unexpected(dry_run.error());
  auto const skip_faulty = read_truth(request, "skip_faulty", false);
  if (!skip_faulty) return tl::make_unexpected(skip_faulty.error());
  auto const report = read_truth(request, "report", false);
  if (!report) return tl::make_unexpected(report.error());
  auto const language = read_language(request);
  if (!language) return tl::make_unexpected(language.error());
  auto const workflow = read_workflow_parameter(request, context.library());
  if (!workflow) return tl::make_unexpected(workflow.error());
  asked.options = {.dry_run = *dry_run, .skip_faulty = *skip_faulty, .language = *language};
  asked.report = *report;
  asked.workflow = *workflow;
  if (auto const name = request.query_parameter("mapping")) {
    // It places cases where no action of anybody led them.
    if (!caller_of(request).actor.has_role("admin"))
      return tl::make_unexpected(http::problem(refusal(Code::not_allowed, "/query/mapping"), request));
    asked.mapping = context.library().import_mapping(*name);
    if (asked.mapping == nullptr)
      return tl::make_unexpected(
          parameter_problem(not_among("mapping", *name, context.library().import_mapping_names()), request));
  }
  return asked;
}

Response report_answer(ImportSummary const& summary, std::shared_ptr<TemporaryFile> const& file) {
  bool const sheet = summary.format == Table::Format::xlsx;
  Response response;
  response.headers.add("Content-Type", sheet ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                                             : "text/csv; charset=utf-8");
  response.headers.add("Content-Disposition",
                       std::string("attachment; filename=\"import-report.") + (sheet ? "xlsx" : "csv") + '"');
  response.headers.add("Cache-Control", "no-store");
  response.source_length = file->size();
  response.source = [file](std::span<char> out) { return file->read(out); };
  return response;
}

}  // namespace

Response import_ledger(Request& request, Context& context) {
  auto asked = read_asked(request, context);
  if (!asked) return asked.error();
  TemporaryFile const file;
  auto const hash = receive(request, file);
  auto const report = asked->report ? std::make_shared<TemporaryFile>() : nullptr;
  if (report) asked->options.report = report->path();
  auto unrecorded = put_on_record(request, context, "ledger_imported",
                                  {{"sha256", hash},
                                   {"dry_run", asked->options.dry_run},
                                   {"mapping", asked->mapping == nullptr ? Json() : Json(asked->mapping->source)}});
  if (unrecorded) return std::move(*unrecorded);
  ImportAbout const about{
      .cases = context.cases,
      .actor = caller_of(request).actor,
      .workflow = asked->workflow,
      .mapping = asked->mapping,
      .comment = in(asked->options.language, message("table.comment", {{"hash", hash.substr(0, 12)}}))};
  auto const summary = run_import(file.path(), about, asked->options);
  if (!summary) {
    auto const status = http::status_of(summary.error().front().code);
    return problem_as(status == 409 || status == 503 ? status : 422, summary.error(), request);
  }
  if (report) return report_answer(*summary, report);
  return json_answer(200, summary_json(*summary, asked->options.dry_run));
}

}  // namespace bihuan::routes
