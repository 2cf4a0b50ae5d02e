// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/demo_people.hpp"

namespace bihuan {
namespace {

std::string with_hyphens(std::string text) {
  for (auto& c : text) c = c == '_' ? '-' : c;
  return text;
}

}  // namespace

std::vector<Person> make_demo_people(Organisation const& organisation, DemoWords const& words, DemoRandom& random) {
  std::vector<Person> people;
  std::map<std::string, int> used;
  for (auto const& staff : words.all().at("staff")) {
    for (auto const& unit : organisation.units()) {
      if (staff.contains("unit") ? unit.id != staff.at("unit") : unit.kind != staff.at("unit_kind")) continue;
      for (auto const& role : staff.at("roles")) {
        auto name = staff.contains("name") ? staff.at("name").get<std::string>()
                                           : unit.id + "-" + with_hyphens(role.get<std::string>());
        if (auto const before = used[name]++; before > 0) name += "-" + std::to_string(before + 1);
        people.push_back({.id = name,
                          .name = name,
                          .full_name = words.person_name(random),
                          .unit = unit.id,
                          .roles = {role.get<std::string>()},
                          .password_hash = {},
                          .active = true});
      }
    }
  }
  return people;
}

std::string demo_people_file(std::vector<Person> const& people, std::string const& password) {
  auto list = OrderedJson::array();
  for (auto const& person : people)
    list.push_back({{"name", person.name},
                    {"password", password},
                    {"unit", person.unit},
                    {"roles", person.roles},
                    {"full_name", person.full_name}});
  return list.dump(2) + "\n";
}

}  // namespace bihuan
