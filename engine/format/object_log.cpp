// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>

#include "engine/core/json.hpp"
#include "engine/format/event_log.hpp"
#include "engine/format/temporary_file.hpp"
#include "engine/store/store_fault.hpp"

namespace bihuan {
namespace {

// Events go out as they are read; the objects wait in a file, since both come from one walk and the log holds them one
// after the other; what there is of each kind is known at the end.
class ObjectLog final : public EventLog {
 public:
  explicit ObjectLog(EventLogAbout about)
      : about_(std::move(about)), walk_(about_.cases, about_.actor, about_.query), waiting_(open_waiting()) {}

 protected:
  std::string next() override {
    switch (part_) {
      case Part::begin: part_ = Part::events; return "{\"events\":[";
      case Part::events:
        if (auto piece = events(); !piece.empty()) return piece;
        finish_objects();
        part_ = Part::objects;
        return "],\"objects\":[";
      case Part::objects:
        if (auto piece = waiting_piece(); !piece.empty()) return piece;
        part_ = Part::end;
        return end();
      case Part::end: break;
    }
    return {};
  }

 private:
  enum class Part { begin, events, objects, end };
  struct Close {
    void operator()(std::FILE* file) const { (void)std::fclose(file); }
  };

  std::unique_ptr<std::FILE, Close> open_waiting() {
    std::unique_ptr<std::FILE, Close> file(std::fopen(file_.path().c_str(), "ab"));
    if (!file) throw StoreFault("a temporary file cannot be written");
    return file;
  }

  [[nodiscard]] std::string text_of(char const* key) const { return in(about_.language, message(key)); }

  [[nodiscard]] std::string const& type_of(std::string const& workflow) const {
    return in(about_.language, about_.cases.library().current(workflow)->title);
  }

  std::string events() {
    std::string piece;
    while (piece.empty()) {
      auto const page = walk_.next_page();
      if (page.empty()) break;
      for (auto const& [subject, happened] : page) {
        auto const& definition = about_.cases.library().definition_of(subject);
        for (auto const& event : happened) {
          if (events_++ > 0) piece += ',';
          piece += event_of(event, subject, definition).dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
        }
        add_case(subject, happened, definition);
      }
    }
    return piece;
  }

  OrderedJson event_of(Event const& event, Case const& subject, Definition const& definition) {
    auto type = activity_of(event, definition, about_.language);
    event_types_.insert(type);
    auto attributes = OrderedJson::array();
    auto const attribute = [&](char const* name, std::string const& value) {
      if (!value.empty()) attributes.push_back({{"name", name}, {"value", value}});
    };
    attribute("kind", std::string(event_name(event.type)));
    attribute("state", title_of_state(definition, state_after(event)));
    attribute("role", event.actor.value("role", ""));
    attribute("deadline", event.body.is_object() ? event.body.value("deadline", "") : "");
    auto relations = OrderedJson::array();
    relations.push_back({{"objectId", subject.id}, {"qualifier", "case"}});
    auto const related = [&](std::string const& id, std::string const& kind, std::set<std::string>& known) {
      if (id.empty() || id == "system") return;
      known.insert(id);
      relations.push_back({{"objectId", kind + ":" + id}, {"qualifier", kind}});
    };
    related(event.actor.value("unit", ""), "unit", units_);
    related(event.actor.value("person", ""), "person", persons_);
    return {{"id", event.case_id + "." + std::to_string(event.revision) + "." + std::to_string(event.index)},
            {"type", std::move(type)},
            {"time", format_utc(event.at)},
            {"attributes", std::move(attributes)},
            {"relationships", std::move(relations)}};
  }

  [[nodiscard]] std::string title_of_state(Definition const& definition, std::string const& id) const {
    auto const* const state = definition.find_state(id);
    return state == nullptr ? id : in(about_.language, state->title);
  }

  void add_case(Case const& subject, std::vector<Event> const& happened, Definition const& definition) {
    auto object = case_object(subject, definition);
    // An attribute has one value at an instant (OCEL 2.0): of steps within one second the last counts.
    std::map<Instant, std::string> states;
    for (auto const& event : happened) {
      if (auto const state = state_after(event); !state.empty()) states[event.at] = title_of_state(definition, state);
    }
    for (auto const& [at, state] : states)
      object["attributes"].push_back({{"name", "state"}, {"time", format_utc(at)}, {"value", state}});
    shown_.push_back(std::hash<std::string>{}(subject.id));
    for (auto const& link : subject.links) {
      object["relationships"].push_back({{"objectId", link.other}, {"qualifier", link.name}});
      linked_.emplace(link.other, link.workflow);
    }
    put(object);
  }

  OrderedJson case_object(Case const& subject, Definition const& definition) {
    auto& names = types_[type_of(subject.workflow)];
    names.insert({"number", "title", "state", "outcome"});
    auto attributes = OrderedJson::array();
    auto const at = format_utc(subject.opened);
    auto const attribute = [&](std::string const& name, std::string const& when, std::string const& value) {
      if (!value.empty()) attributes.push_back({{"name", name}, {"time", when}, {"value", value}});
    };
    attribute("number", at, subject.number);
    attribute("title", at, subject.title);
    if (subject.closed) attribute("outcome", format_utc(*subject.closed), subject.outcome);
    std::set<std::string> taken{"number", "title", "state", "outcome"};
    for (auto const& [field, text] : told_fields(subject, definition, about_.language)) {
      auto name = in(about_.language, field->title);
      if (!taken.insert(name).second) name += " (" + field->id + ")";
      names.insert(name);
      attribute(name, at, text);
    }
    auto relations = OrderedJson::array();
    for (auto const& [party, holders] : subject.parties) {
      for (auto const& holder : holders) {
        units_.insert(holder.unit);
        relations.push_back({{"objectId", "unit:" + holder.unit}, {"qualifier", party}});
      }
    }
    return {{"id", subject.id},
            {"type", type_of(subject.workflow)},
            {"attributes", std::move(attributes)},
            {"relationships", std::move(relations)}};
  }

  OrderedJson bare_object(std::string const& id, std::string const& workflow) {
    types_[type_of(workflow)];
    return {{"id", id},
            {"type", type_of(workflow)},
            {"attributes", OrderedJson::array()},
            {"relationships", OrderedJson::array()}};
  }

  void put(OrderedJson const& object) {
    auto const text = (objects_++ > 0 ? "," : "") + object.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
    if (std::fwrite(text.data(), 1, text.size(), waiting_.get()) != text.size())
      throw StoreFault("a temporary file cannot be written");
  }

  // What the log's cases refer to and the walk did not meet.
  void finish_objects() {
    std::ranges::sort(shown_);
    for (auto const& [id, workflow] : linked_) {
      if (std::ranges::binary_search(shown_, std::hash<std::string>{}(id))) continue;
      if (auto const found = about_.cases.find(id, about_.actor)) {
        auto const shown = about_.cases.shown(*found, about_.actor, Showing::list);
        put(case_object(shown, about_.cases.library().definition_of(shown)));
      } else {
        // Out of sight since it was referred to: an object of which nothing is told.
        put(bare_object(id, workflow));
      }
    }
    for (auto const& id : persons_) add_person(id);
    for (auto const& id : units_) add_unit(id);
    if (std::fflush(waiting_.get()) != 0) throw StoreFault("a temporary file cannot be written");
  }

  void add_named(std::string const& kind, std::string const& id, std::string const& name, OrderedJson relations) {
    put({{"id", kind + ":" + id},
         {"type", text_of(("log." + kind).c_str())},
         {"attributes", OrderedJson::array({{{"name", "name"}, {"time", "1970-01-01T00:00:00Z"}, {"value", name}}})},
         {"relationships", std::move(relations)}});
    types_[text_of(("log." + kind).c_str())].insert("name");
  }

  void add_unit(std::string const& id) {
    add_named("unit", id, in(about_.language, about_.cases.library().organisation().title_of(id)),
              OrderedJson::array());
  }

  void add_person(std::string const& id) {
    auto const person = about_.cases.store().people().find_person(id);
    auto relations = OrderedJson::array();
    if (person) {
      units_.insert(person->unit);
      relations.push_back({{"objectId", "unit:" + person->unit}, {"qualifier", "member"}});
    }
    add_named("person", id, person ? person->full_name : id, std::move(relations));
  }

  std::string waiting_piece() {
    std::string piece(std::size_t{64} * 1024, '\0');
    piece.resize(file_.read(piece));
    return piece;
  }

  std::string end() {
    auto object_types = OrderedJson::array();
    for (auto const& [type, names] : types_) {
      auto attributes = OrderedJson::array();
      for (auto const& name : names) attributes.push_back({{"name", name}, {"type", "string"}});
      object_types.push_back({{"name", type}, {"attributes", std::move(attributes)}});
    }
    auto event_types = OrderedJson::array();
    for (auto const& type : event_types_) {
      auto attributes = OrderedJson::array();
      for (auto const* const name : {"kind", "state", "role", "deadline"})
        attributes.push_back({{"name", name}, {"type", "string"}});
      event_types.push_back({{"name", type}, {"attributes", std::move(attributes)}});
    }
    return "],\"objectTypes\":" + object_types.dump() + ",\"eventTypes\":" + event_types.dump() + "}\n";
  }

  EventLogAbout about_;
  CaseHistories walk_;
  TemporaryFile file_;
  std::unique_ptr<std::FILE, Close> waiting_;
  Part part_ = Part::begin;
  std::size_t events_ = 0;
  std::size_t objects_ = 0;
  std::set<std::string> event_types_;
  std::map<std::string, std::set<std::string>> types_;  // of objects, with their attributes
  std::set<std::string> units_;
  std::set<std::string> persons_;
  std::map<std::string, std::string> linked_;  // their workflows by id
  std::vector<std::size_t> shown_;             // the hashes of their ids: eight bytes a case
};

}  // namespace

std::unique_ptr<EventLog> make_object_log(EventLogAbout about) {
  return std::make_unique<ObjectLog>(std::move(about));
}

}  // namespace bihuan
