// SPDX-License-Identifier: Apache-2.0
#include "api/routes/open311_opening.hpp"

#include <algorithm>
#include <charconv>

#include "api/routes/open311_answer.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"

namespace bihuan::routes {
namespace {

using http::Request;

constexpr std::size_t text_limit = 8000;  // bytes of one parameter

// What was asked for, with every fault of it.
class Reading {
 public:
  Reading(Open311Interface const& interface, Open311Request const& asked, Request const& request)
      : interface_(interface), asked_(asked), request_(request) {}

  Step<OpenCaseRequest> opening() {
    for (auto const& parameter : asked_.parameters()) {
      if (auto fault = check_text(parameter.value, text_limit, parameter.name)) faults_.push_back(std::move(*fault));
    }
    OpenCaseRequest opening;
    opening.workflow = interface_.definition.id;
    opening.fields = interface_.requests.defaults;
    auto& fields = opening.fields;
    put(fields, interface_.requests.description, needed("description"));
    auto const code = needed("service_code");
    if (!code.empty() && find_open311_service(interface_, code) == nullptr)
      faults_.push_back(
          refusal(Code::unknown_reference, "service_code", {{"name", code}, {"kind", message("kind.field")}}));
    put(fields, interface_.requests.service, code);
    add_place(fields);
    put(fields, interface_.requests.reporter, reporter());
    put(fields, interface_.requests.reporter_contact, joined({asked_.text("phone"), asked_.text("email")}));
    add_attributes(fields);
    opening.comment = asked_.text("media_url");
    if (!faults_.empty()) return tl::make_unexpected(open311_problem(400, faults_, request_));
    return opening;
  }

 private:
  std::string needed(char const* name) {
    auto text = asked_.text(name);
    if (text.empty()) faults_.push_back(refusal(Code::missing, name, {{"name", name}}));
    return text;
  }

  static void put(Json& fields, std::string const& field, std::string const& text) {
    if (!field.empty() && !text.empty()) fields[field] = text;
  }

  static std::string joined(std::vector<std::string> const& texts) {
    std::string all;
    for (auto const& text : texts) {
      if (!text.empty()) all.append(all.empty() ? "" : ", ").append(text);
    }
    return all;
  }

  // A Chinese name has its family first and no space.
  std::string reporter() const {
    auto const first = asked_.text("first_name");
    auto const last = asked_.text("last_name");
    auto const both = last + first;
    bool const latin = std::ranges::all_of(both, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (!latin || first.empty() || last.empty()) return both;
    return first + " " + last;
  }

  std::optional<double> number(std::string const& name, std::string const& text) {
    double value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size()) return value;
    faults_.push_back(refusal(Code::bad_format, name, {{"value", text}, {"expected", message("expected.number")}}));
    return std::nullopt;
  }

  void add_place(Json& fields) {
    if (interface_.requests.place.empty()) return;
    Json place = Json::object();
    if (auto const name = asked_.text("address_string"); !name.empty()) place["name"] = name;
    auto const latitude = asked_.text("lat");
    auto const longitude = asked_.text("long");
    if (latitude.empty() != longitude.empty())
      faults_.push_back(
          refusal(Code::missing, latitude.empty() ? "lat" : "long", {{"name", latitude.empty() ? "lat" : "long"}}));
    if (!latitude.empty() && !longitude.empty()) {
      if (auto const value = number("lat", latitude)) place["latitude"] = *value;
      if (auto const value = number("long", longitude)) place["longitude"] = *value;
    }
    if (!place.empty()) fields[interface_.requests.place] = std::move(place);
  }

  // attribute[CODE]=VALUE
  void add_attributes(Json& fields) {
    constexpr std::string_view opened = "attribute[";
    for (auto const& [name, value] : asked_.parameters()) {
      if (!name.starts_with(opened) || !name.ends_with("]")) continue;
      auto const code = name.substr(opened.size(), name.size() - opened.size() - 1);
      auto const& known = interface_.requests.attributes;
      auto const* const field = interface_.definition.find_field(code);
      if (field == nullptr || std::ranges::find(known, code) == known.end()) {
        faults_.push_back(refusal(Code::unknown_field, name, {{"name", code}}));
      } else if (!value.empty()) {
        add_attribute(fields, name, *field, value);
      }
    }
  }

  void add_attribute(Json& fields, std::string const& name, Field const& field, std::string const& value) {
    if (field.type == FieldType::number || field.type == FieldType::money) {
      if (auto const read = number(name, value)) fields[field.id] = *read;
    } else if (field.type == FieldType::yes_no) {
      if (value != "true" && value != "false")
        faults_.push_back(refusal(Code::not_a_choice, name, {{"value", value}, {"choices", "true, false"}}));
      else
        fields[field.id] = value == "true";
    } else if (field.type == FieldType::date && value.size() > 10 && parse_instant(value)) {
      // What it calls a datetime is a day to us.
      fields[field.id] = format_date(Zone().date_of(*parse_instant(value)));
    } else {
      fields[field.id] = value;
    }
  }

  Open311Interface const& interface_;
  Open311Request const& asked_;
  Request const& request_;
  Refusals faults_;
};

}  // namespace

Step<OpenCaseRequest> read_open311_opening(Open311Interface const& interface, Open311Request const& asked,
                                           http::Request const& request) {
  return Reading(interface, asked, request).opening();
}

}  // namespace bihuan::routes
