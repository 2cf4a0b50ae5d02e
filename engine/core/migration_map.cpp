// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "engine/core/message.hpp"
#include "engine/core/migration.hpp"
#include "engine/core/migration_parse.hpp"

namespace bihuan {
namespace {

constexpr std::array clock_moves{std::pair{ClockMove::keep, std::string_view("keep")},
                                 std::pair{ClockMove::recompute, std::string_view("recompute")},
                                 std::pair{ClockMove::restart, std::string_view("restart")},
                                 std::pair{ClockMove::stop, std::string_view("stop")}};

std::string_view name_of(ClockMove move) {
  return std::find_if(clock_moves.begin(), clock_moves.end(), [&](auto const& m) { return m.first == move; })->second;
}

ClockMove clock_move(std::string_view name) {
  auto const found =
      std::find_if(clock_moves.begin(), clock_moves.end(), [&](auto const& m) { return m.second == name; });
  return found == clock_moves.end() ? ClockMove::keep : found->first;
}

Text type_of(OrderedJson const& value) {
  if (value.is_object()) return message("type.object");
  if (value.is_array()) return message("type.array");
  if (value.is_boolean()) return message("type.boolean");
  if (value.is_null()) return message("type.null");
  return message(value.is_string() ? "type.text" : "type.number");
}

enum class Dropping { allowed, refused };

std::map<std::string, std::string> parse_names(Reader& reader, std::string_view part, Dropping dropping) {
  std::map<std::string, std::string> names;
  reader.members(part, [&](std::string const& from, Reader& to) {
    if (to.value().is_string() && !to.value().get_ref<std::string const&>().empty())
      names[from] = to.value().get<std::string>();
    else if (to.value().is_null() && dropping == Dropping::allowed)
      names[from] = "";
    else
      to.fault(Code::wrong_type, "", {{"expected", message("type.text")}, {"found", type_of(to.value())}});
  });
  return names;
}

MigrationMap::DeadlineMove parse_deadline_move(Reader& to) {
  if (to.value().is_string()) return {.to = to.value().get<std::string>()};
  if (to.value().is_null()) return {.to = "", .clock = ClockMove::stop};
  MigrationMap::DeadlineMove move;
  move.to = to.text("to");
  move.clock = clock_move(to.choice("clock", {"keep", "recompute", "restart"}, "keep"));
  to.finish();
  return move;
}

Json to_json(std::map<std::string, std::string> const& names) {
  Json all = Json::object();
  for (auto const& [from, to] : names) all[from] = to.empty() ? Json() : Json(to);
  return all;
}

class References {
 public:
  References(Definition const& target, std::string const& pointer, Refusals& faults)
      : target_(target), pointer_(pointer), faults_(faults) {}

  void names(std::map<std::string, std::string> const& all, char const* part, char const* kind, bool may_meet,
             auto const& known) {
    std::set<std::string> taken;
    for (auto const& [from, to] : all) {
      if (to.empty()) continue;
      one(pointer_to(pointer_to(pointer_, part), from), to, kind, known(to));
      if (!taken.insert(to).second && !may_meet) meets(pointer_to(pointer_to(pointer_, part), from), to, kind);
    }
  }

  void one(std::string const& pointer, std::string const& name, char const* kind, bool known) {
    if (!known)
      faults_.push_back(
          refusal(Code::unknown_reference, pointer, {{"name", name}, {"kind", message(std::string("kind.") + kind)}}));
  }

  void meets(std::string const& pointer, std::string const& name, char const* kind) {
    faults_.push_back(
        refusal(Code::name_clash, pointer, {{"name", name}, {"kind", message(std::string("kind.") + kind)}}));
  }

  [[nodiscard]] Definition const& target() const { return target_; }

 private:
  Definition const& target_;
  std::string const& pointer_;
  Refusals& faults_;
};

}  // namespace

MigrationMap parsing::parse_migration_members(Reader& reader) {
  MigrationMap map;
  map.states = parse_names(reader, "states", Dropping::refused);
  map.transitions = parse_names(reader, "transitions", Dropping::refused);
  map.fields = parse_names(reader, "fields", Dropping::allowed);
  map.parties = parse_names(reader, "parties", Dropping::allowed);
  map.documents = parse_names(reader, "documents", Dropping::refused);
  if (auto const* const deadlines = reader.find("deadlines"); deadlines && deadlines->is_string()) {
    auto const word = reader.choice("deadlines", {"keep", "keep_elapsed", "recompute", "restart"}, "keep");
    map.clock = clock_move(word);
  } else {
    reader.members("deadlines",
                   [&](std::string const& from, Reader& to) { map.deadlines[from] = parse_deadline_move(to); });
  }
  map.start = reader.texts("start");
  reader.members("set", [&](std::string const& field, Reader& value) { map.set[field] = Json(value.value()); });
  return map;
}

Result<MigrationMap> parse_migration_map(OrderedJson const& document, std::string const& pointer) {
  Refusals faults;
  Reader reader(document, pointer, faults);
  auto map = parsing::parse_migration_members(reader);
  reader.finish();
  if (!faults.empty()) return refused(std::move(faults));
  return map;
}

Json to_json(MigrationMap const& map) {
  Json all = Json::object();
  auto const put = [&](char const* part, std::map<std::string, std::string> const& names) {
    if (!names.empty()) all[part] = to_json(names);
  };
  put("states", map.states);
  put("transitions", map.transitions);
  put("fields", map.fields);
  put("parties", map.parties);
  put("documents", map.documents);
  for (auto const& [from, move] : map.deadlines) {
    all["deadlines"][from] = move.to.empty() ? Json() : Json{{"to", move.to}, {"clock", name_of(move.clock)}};
  }
  if (map.deadlines.empty() && map.clock != ClockMove::keep) all["deadlines"] = name_of(map.clock);
  if (!map.start.empty()) all["start"] = map.start;
  if (!map.set.empty()) all["set"] = map.set;
  return all;
}

Refusals check_migration_map(MigrationMap const& map, Definition const& target, std::string const& pointer) {
  Refusals faults;
  References check(target, pointer, faults);
  check.names(map.states, "states", "state", true, [&](auto const& n) { return target.find_state(n) != nullptr; });
  check.names(map.transitions, "transitions", "transition", true,
              [&](auto const& n) { return target.find_transition(n) != nullptr; });
  check.names(map.fields, "fields", "field", false, [&](auto const& n) { return target.find_field(n) != nullptr; });
  check.names(map.parties, "parties", "party", false, [&](auto const& n) { return target.find_party(n) != nullptr; });
  check.names(map.documents, "documents", "document", true,
              [&](auto const& n) { return target.find_document(n) != nullptr; });
  std::set<std::string> taken;
  for (auto const& [from, move] : map.deadlines) {
    if (move.to.empty()) continue;
    auto const at = pointer_to(pointer_to(pointer, "deadlines"), from);
    check.one(at, move.to, "deadline", target.find_deadline(move.to) != nullptr);
    if (!taken.insert(move.to).second) check.meets(at, move.to, "deadline");
  }
  for (std::size_t i = 0; i < map.start.size(); ++i)
    check.one(pointer_to(pointer_to(pointer, "start"), i), map.start[i], "deadline",
              target.find_deadline(map.start[i]) != nullptr);
  for (auto const& [field, value] : map.set.items())
    check.one(pointer_to(pointer_to(pointer, "set"), field), field, "field", target.find_field(field) != nullptr);
  return faults;
}

MigrationMap const& own_migration_map(Definition const& target, std::string const& from_version) {
  static MigrationMap const as_it_is;
  auto const own = std::find_if(target.migrations.begin(), target.migrations.end(),
                                [&](Migration const& m) { return m.from_version == from_version; });
  return own == target.migrations.end() ? as_it_is : own->map;
}

}  // namespace bihuan
