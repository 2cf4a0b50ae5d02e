// SPDX-License-Identifier: Apache-2.0
#include "engine/service/package_page.hpp"

#include <algorithm>

#include "embedded/package.hpp"
#include "engine/core/message.hpp"
#include "engine/service/in_words.hpp"
#include "engine/service/paper_form.hpp"

namespace bihuan {
namespace {

using Row = std::map<std::string, std::string>;

PaperForm const& form() {
  static PaperForm const parsed =
      PaperForm::parse(std::string(embedded::package::package_html), embedded::package::package_css).value();
  return parsed;
}

class Words {
 public:
  Words(PackagePage const& page, Library const& library)
      : page_(page),
        library_(library),
        definition_(library.definition_of(page.shown)),
        zone_(library.calendar_of(definition_).zone()) {}

  [[nodiscard]] PaperValues all() const {
    auto const& shown = page_.shown;
    auto const* const state = definition_.find_state(shown.state);
    PaperValues values;
    values.single = {{"case.number", shown.number},
                     {"case.title", shown.title},
                     {"case.workflow", definition_.title.zh},
                     {"case.workflow_en", definition_.title.en},
                     {"case.state", state ? state->title.zh : shown.state},
                     {"case.state_en", state ? state->title.en : shown.state},
                     {"case.opened", time(shown.opened)},
                     {"made", time(page_.made)},
                     {"head.number", std::to_string(page_.head.number)},
                     {"head.at", time(page_.head.at)},
                     {"head.size", std::to_string(page_.head.size)},
                     {"head.root", page_.head.root},
                     {"head.key", page_.head.key}};
    // A section that is shown when the list has a row.
    auto& partly = values.lists["partly"];
    if (!page_.complete) partly.push_back({{"partly", "partly"}});
    values.lists["fields"] = fields();
    values.lists["parties"] = parties();
    values.lists["deadlines"] = deadlines();
    values.lists["documents"] = documents();
    values.lists["events"] = events();
    return values;
  }

 private:
  [[nodiscard]] std::string time(Instant instant) const {
    auto text = zone_.format(instant);  // 2026-11-24T09:00:00+08:00
    text[10] = ' ';
    return text.substr(0, 16);
  }

  [[nodiscard]] std::vector<Row> fields() const {
    std::vector<Row> rows;
    for (auto const& field : definition_.fields) {
      auto const value = page_.shown.fields.find(field.id);
      if (value == page_.shown.fields.end() || value->is_null()) continue;
      rows.push_back({{"title", field.title.zh},
                      {"title_en", field.title.en},
                      {"value", in_words(field, *value, library_, zone_)}});
    }
    return rows;
  }

  [[nodiscard]] std::vector<Row> parties() const {
    std::vector<Row> rows;
    for (auto const& kind : definition_.parties) {
      auto const held = page_.shown.parties.find(kind.id);
      if (held == page_.shown.parties.end() || held->second.empty()) continue;
      rows.push_back({{"title", kind.title.zh},
                      {"title_en", kind.title.en},
                      {"value", in_words(held->second, library_.organisation())}});
    }
    return rows;
  }

  [[nodiscard]] std::vector<Row> deadlines() const {
    std::vector<Row> rows;
    for (auto const& deadline : page_.shown.deadlines) {
      auto const* const rule = definition_.find_deadline(deadline.name);
      rows.push_back({{"title", rule ? rule->title.zh : deadline.name},
                      {"title_en", rule ? rule->title.en : deadline.name},
                      {"started", time(deadline.started)},
                      {"due", time(deadline.due)},
                      {"stopped", deadline.stopped ? time(*deadline.stopped) : std::string()}});
    }
    return rows;
  }

  [[nodiscard]] std::vector<Row> documents() const {
    std::vector<Row> rows;
    for (auto const& [id, documents] : page_.shown.documents) {
      auto const* const kind = definition_.find_document(id);
      for (auto const& document : documents) {
        rows.push_back({{"kind", kind ? kind->title.zh : id},
                        {"name", document.name},
                        {"file", document_file(document)},
                        {"size", std::to_string(document.size)},
                        {"sha256", document.sha256}});
      }
    }
    return rows;
  }

  [[nodiscard]] std::vector<Row> events() const {
    std::vector<Row> rows;
    for (auto const& event : page_.events) {
      auto const done = what(event);
      rows.push_back({{"revision", std::to_string(event.revision)},
                      {"at", time(event.at)},
                      {"unit", unit_of(event)},
                      {"person", event.actor.value("person", std::string())},
                      {"what", done.zh},
                      {"what_en", done.en},
                      {"detail", detail(event)},
                      {"hash", event.hash}});
    }
    return rows;
  }

  [[nodiscard]] std::string unit_of(Event const& event) const {
    auto const unit = event.actor.value("unit", std::string());
    return unit.empty() ? std::string() : library_.organisation().title_of(unit).zh;
  }

  [[nodiscard]] Text what(Event const& event) const {
    if (event.type == EventType::transitioned) {
      auto const* const taken = definition_.find_transition(event.body.value("transition", std::string()));
      if (taken != nullptr) return taken->title;
    }
    auto words = message("event." + std::string(event_name(event.type)));
    auto const* const rule = definition_.find_deadline(event.body.value("deadline", std::string()));
    if (rule == nullptr) return words;
    return {.zh = words.zh + "：" + rule->title.zh, .en = words.en + ": " + rule->title.en};
  }

  // The comment, and the fields that were given with it.
  [[nodiscard]] std::string detail(Event const& event) const {
    auto text = event.body.value("comment", std::string());
    for (auto const* const part : {"input", "fields"}) {
      auto const given = event.body.find(part);
      if (given == event.body.end() || !given->is_object()) continue;
      for (auto const& [id, value] : given->items()) {
        auto const* const field = definition_.find_field(id);
        if (field == nullptr || value.is_null()) continue;
        text += (text.empty() ? "" : "；") + field->title.zh + "：" + in_words(*field, value, library_, zone_);
      }
    }
    return text;
  }

  PackagePage const& page_;
  Library const& library_;
  Definition const& definition_;
  Zone const& zone_;
};

}  // namespace

std::string page_of_package(PackagePage const& page, Library const& library) {
  return form().fill(Words(page, library).all());
}

std::string document_file(Document const& document) {
  auto const dot = document.name.rfind('.');
  if (dot == std::string::npos) return document.sha256;
  auto const ending = document.name.substr(dot + 1);
  bool const plain = !ending.empty() && ending.size() <= 5 && std::ranges::all_of(ending, [](char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9');
  });
  return plain ? document.sha256 + "." + ending : document.sha256;
}

}  // namespace bihuan
