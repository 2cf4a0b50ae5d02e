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
#include "api/routes/record.hpp"
#include "engine/core/message.hpp"
#include "engine/core/sight.hpp"

namespace bihuan::routes {
namespace {

constexpr std::size_t page_size = 200;

// Writes a ledger page by page, however many there are: only one page stands in memory.
class Ledger {
 public:
  Ledger(Context& context, Actor actor, CaseQuery query, Language language)
      : context_(context),
        actor_(std::move(actor)),
        query_(std::move(query)),
        language_(language),
        columns_(query_.workflow ? context.library().current(*query_.workflow) : nullptr) {
    query_.limit = page_size;
    write_titles();
  }

  std::size_t read(std::span<char> out) {
    while (taken_ == text_.size() && !ended_) {
      text_.clear();
      taken_ = 0;
      write_page();
    }
    auto const size = std::min(out.size(), text_.size() - taken_);
    std::memcpy(out.data(), text_.data() + taken_, size);
    taken_ += size;
    return size;
  }

 private:
  void write_titles() {
    text_ = byte_order_mark;
    CsvLine line;
    for (auto const* const name :
         {"number", "workflow", "title", "state", "light", "due", "owner", "opened", "closed"}) {
      line.text(in(language_, message(std::string("ledger.") + name)));
    }
    if (columns_ != nullptr) {
      for (auto const& field : columns_->fields) line.text(in(language_, field.title));
    }
    text_ += line.take();
  }

  void write_page() {
    auto const page = context_.cases.list(query_, actor_);
    if (!page) throw std::runtime_error("a ledger's own cursor was refused");
    auto const now = context_.cases.now();
    for (auto const& subject : page->items) write_case(subject, now);
    query_.cursor = page->next_cursor;
    ended_ = query_.cursor.empty();
  }

  void write_case(Case const& subject, Instant now) {
    auto const& library = context_.library();
    auto const& definition = library.definition_of(subject);
    auto const& zone = library.calendar_of(definition).zone();
    auto const* const state = definition.find_state(subject.state);
    CsvLine line;
    line.text(subject.number);
    line.text(in(language_, definition.title));
    line.text(subject.title);
    line.text(state == nullptr ? subject.state : in(language_, state->title));
    line.text(in(language_, message("light." + std::string(light_name(light_of(subject, now))))));
    auto const due = soonest_due(subject);
    line.plain(due ? zone.format(*due) : std::string());
    line.text(owner_of(subject, state));
    line.plain(zone.format(subject.opened));
    line.plain(subject.closed ? zone.format(*subject.closed) : std::string());
    if (columns_ != nullptr) {
      for (auto const& field : columns_->fields) write_field(line, subject, definition, field.id);
    }
    text_ += line.take();
  }

  [[nodiscard]] std::string unit_title(std::string const& unit) const {
    return in(language_, context_.library().organisation().title_of(unit));
  }

  [[nodiscard]] std::string owner_of(Case const& subject, State const* state) const {
    std::string owners;
    if (subject.final || state == nullptr) return owners;
    auto const found = subject.parties.find(state->owner);
    if (found == subject.parties.end()) return owners;
    for (auto const& holder : found->second) owners.append(owners.empty() ? "" : "、").append(unit_title(holder.unit));
    return owners;
  }

  void write_field(CsvLine& line, Case const& subject, Definition const& definition, std::string const& id) const {
    auto const* const field = definition.find_field(id);
    auto const value = subject.fields.find(id);
    if (field == nullptr || value == subject.fields.end() || value->is_null()) return line.plain("");
    if (value->is_number()) return line.plain(value->dump());
    if (!value->is_array()) return line.text(shown(*value, *field));
    std::string all;
    for (auto const& one : *value) all.append(all.empty() ? "" : "、").append(shown(one, *field));
    line.text(all);
  }

  [[nodiscard]] std::string shown(Json const& value, Field const& field) const {
    if (value.is_boolean()) return in(language_, message(value.get<bool>() ? "ledger.yes" : "ledger.no"));
    if (value.is_object())
      return value.contains("name") && value.at("name").is_string() ? value.at("name").get<std::string>()
                                                                    : value.dump();
    if (!value.is_string()) return value.dump();
    auto const& text = value.get_ref<std::string const&>();
    if (text == mask) return text;
    if (field.type == FieldType::unit) return unit_title(text);
    auto const choice = std::ranges::find(field.choices, text, &Choice::id);
    return choice == field.choices.end() ? text : in(language_, choice->title);
  }

  Context& context_;
  Actor actor_;
  CaseQuery query_;
  Language language_;
  Definition const* columns_;
  std::string text_;
  std::size_t taken_ = 0;
  bool ended_ = false;
};

}  // namespace

Response get_ledger(Request& request, Context& context) {
  auto query = read_case_query(request, context);
  if (!query) return query.error();
  auto seen = look_at_list(AuditKind::exported, request, 0);
  seen.detail.erase("shown");
  seen.detail["format"] = "csv";
  if (auto full = record(request, context, std::move(seen))) return std::move(*full);
  auto const date = format_date(Zone().date_of(context.cases.now()));
  auto const ledger =
      std::make_shared<Ledger>(context, caller_of(request).actor, std::move(*query), http::language_of(request));
  Response response;
  response.headers.add("Content-Type", "text/csv; charset=utf-8");
  response.headers.add("Content-Disposition", "attachment; filename=\"ledger-" + date + ".csv\"");
  response.headers.add("Cache-Control", "no-store");
  response.source = [ledger](std::span<char> out) { return ledger->read(out); };
  return response;
}

}  // namespace bihuan::routes
