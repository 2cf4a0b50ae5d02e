// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/demo_words.hpp"

#include <iterator>

#include "embedded/demo.hpp"

namespace bihuan {
namespace {

Json const& one_of(Json const& list, DemoRandom& random) {
  return list.at(random.below(list.size()));
}

std::string key_of(Json const& object, DemoRandom& random) {
  return std::next(object.begin(), static_cast<std::ptrdiff_t>(random.below(object.size()))).key();
}

}  // namespace

DemoWords::DemoWords() : words_(Json::parse(embedded::demo::demo_words_json)) {}

DemoMatter DemoWords::matter(DemoRandom& random, std::string const& township, int year) const {
  DemoMatter matter;
  auto const& places = words_.at("places");
  matter.township = places.contains(township) ? township : key_of(places, random);
  auto place = one_of(places.at(matter.township), random);
  matter.category = one_of(place.at("wrong"), random);
  place.erase("wrong");
  matter.place = std::move(place);
  auto const& category = words_.at("categories").at(matter.category);
  matter.trouble = one_of(category.at("troubles"), random);
  matter.leads = category.at("leads").get<std::vector<std::string>>();
  matter.leads.push_back(matter.township);
  auto const& offence = one_of(category.at("offences"), random);
  matter.offence = offence.at("text");
  matter.offence_kind = offence.at("kind");
  matter.duty = one_of(category.at("duties"), random);
  matter.enterprise = one_of(category.at("enterprises"), random);
  matter.year = year;
  return matter;
}

std::string DemoWords::person_name(DemoRandom& random) const {
  return pick("surnames", random) + pick("given_names", random);
}

std::string DemoWords::field_text(std::string const& workflow, std::string const& field, DemoMatter const& matter,
                                  DemoRandom& random) const {
  auto const& fields = words_.at("fields");
  auto const own = fields.find(workflow + '/' + field);
  auto const found = own == fields.end() ? fields.find(field) : own;
  return found == fields.end() ? std::string() : filled(one_of(*found, random), matter, random);
}

std::string DemoWords::pick(std::string const& key, DemoRandom& random) const {
  return one_of(words_.at(key), random);
}

std::string DemoWords::filled(std::string text, DemoMatter const& matter, DemoRandom& random) const {
  for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', open)) {
    auto const close = text.find('}', open);
    auto const name = text.substr(open + 1, close - open - 1);
    std::string value;
    if (name == "place") value = matter.place.at("name");
    if (name == "trouble") value = matter.trouble;
    if (name == "offence") value = matter.offence;
    if (name == "enterprise") value = matter.enterprise;
    if (name == "duty") value = matter.duty;
    if (name == "year") value = std::to_string(matter.year);
    if (name == "last_year") value = std::to_string(matter.year - 1);
    if (name == "serial") value = std::to_string(random.between(1, 99));
    if (name == "person") value = person_name(random);
    if (name == "surname") value = pick("surnames", random);
    if (name == "digits") value = std::to_string(random.between(1000, 9999));
    text.replace(open, close - open + 1, value);
    open += value.size();
  }
  return text;
}

}  // namespace bihuan
