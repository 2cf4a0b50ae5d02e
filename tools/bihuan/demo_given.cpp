// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tools/bihuan/demo_papers.hpp"
#include "tools/bihuan/demo_walk.hpp"

namespace bihuan {
namespace {

std::string fitting_type(DocumentKind const& kind) {
  for (auto const& accepted : kind.accept) {
    if (accepted.rfind("image/", 0) == 0) return "image/jpeg";
  }
  return "application/pdf";
}

}  // namespace

// What a person gives with what they do.
Json DemoWalk::given(Life const& life, Case const& subject, OfferedAction const& offer, int attempt) {
  if (offer.name == "extend") return extension_input(subject, offer);
  if (offer.name == "confirm")
    return {{"request", Json::parse(*offer.input_schema).at("properties").at("request").at("enum").front()}};
  auto const& definition = library_.definition_of(subject);
  auto const* const transition = definition.find_transition(offer.name);
  if (!transition) return Json::object();
  auto input =
      input_for(definition)
          .fill(transition->input, life.matter, clock_, attempt, other_case(definition, *transition, subject.id));
  name_linked_units(definition, *transition, subject, input);
  return input;
}

Json DemoWalk::extension_input(Case const& subject, OfferedAction const& offer) {
  auto const names = Json::parse(*offer.input_schema).at("properties").at("deadline").at("enum");
  auto const name = names.at(random_.below(names.size())).get<std::string>();
  auto const& zone = library_.calendar_of(library_.definition_of(subject)).zone();
  auto const due = std::chrono::sys_days(zone.date_of(subject.deadline(name)->due));
  return {{"deadline", name}, {"until", format_date(due + std::chrono::days(random_.between(5, 30)))}};
}

// Of the units of linked cases, where a field asks for those of some of them: chance would never name just these.
void DemoWalk::name_linked_units(Definition const& definition, Action const& action, Case const& subject, Json& input) {
  for (auto const* const names : {&action.input.required, &action.input.optional}) {
    for (auto const& name : *names) {
      auto const wanted = words_.all().at("units_of_linked").find(definition.id + '/' + name);
      if (wanted == words_.all().at("units_of_linked").end()) continue;
      auto units = Json::array();
      for (auto const& link : subject.links) {
        auto const& without = wanted->at("not_in");
        if (!link.outward || link.name != wanted->at("link") || std::ranges::count(without, Json(link.state))) continue;
        auto const linked = store_.cases().find(link.other, Visibility::of_everything());
        for (auto& unit : linked->units_holding(wanted->at("party"))) units.push_back(std::move(unit));
      }
      input[name] = std::move(units);
    }
  }
}

std::map<std::string, std::vector<std::string>> DemoWalk::papers(Definition const& definition,
                                                                 std::vector<std::string> const& kinds,
                                                                 Person const& person, std::string const& about) {
  std::map<std::string, std::vector<std::string>> hashes;
  for (auto const& id : kinds) {
    auto const* const kind = definition.find_document(id);
    if (!kind || hashes.count(id)) continue;
    auto const type = fitting_type(*kind);
    bool const photo = type == "image/jpeg";
    auto const source =
        source_of(photo ? make_demo_photo(random_) : make_demo_paper(kind->title.zh, about + "　" + person.full_name));
    hashes[id].push_back(
        store_.attachments().put(kind->title.zh + (photo ? ".jpg" : ".pdf"), type, person.id, source).sha256);
  }
  return hashes;
}

// Of the same workflow, where the action asks for a case.
std::string DemoWalk::other_case(Definition const& definition, Action const& action, std::string const& not_this) {
  bool const asked =
      std::any_of(action.input.required.begin(), action.input.required.end(), [&](std::string const& name) {
        auto const* const field = definition.find_field(name);
        return field && field->type == FieldType::case_ref;
      });
  if (!asked) return {};
  auto const start = random_.below(lives_.size());
  for (std::size_t i = 0; i < lives_.size(); ++i) {
    auto const& life = lives_[(start + i) % lives_.size()];
    if (life.workflow == definition.id && life.id != not_this) return life.id;
  }
  return {};
}

DemoInput DemoWalk::input_for(Definition const& definition) {
  return {definition, library_.organisation(), library_.calendar_of(definition).zone(), words_,
          random_,    staffed_units_};
}

}  // namespace bihuan
