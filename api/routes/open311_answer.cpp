// SPDX-License-Identifier: Apache-2.0
#include "api/routes/open311_answer.hpp"

#include <map>
#include <pugixml.hpp>
#include <sstream>

#include "api/http/problem.hpp"
#include "api/routes/answer.hpp"

namespace bihuan::routes {
namespace {

using http::Request;
using http::Response;

// What each entry of a list is called in XML.
std::string const& entry_name(std::string const& list) {
  static std::map<std::string, std::string> const names{
      {"attributes", "attribute"}, {"values", "value"}, {"endpoints", "endpoint"}, {"formats", "format"}};
  static std::string const other = "item";
  auto const found = names.find(list);
  return found == names.end() ? other : found->second;
}

// XML 1.0 has no room for control characters, however they are written.
std::string fit_for_xml(std::string text) {
  std::erase_if(text, [](unsigned char c) { return c < 0x20 && c != '\t' && c != '\n' && c != '\r'; });
  return text;
}

void write(pugi::xml_node into, OrderedJson const& value, std::string const& name) {
  if (value.is_object()) {
    for (auto const& [member, inner] : value.items()) write(into.append_child(member.c_str()), inner, member);
  } else if (value.is_array()) {
    for (auto const& inner : value) write(into.append_child(entry_name(name).c_str()), inner, name);
  } else if (value.is_string()) {
    into.text().set(fit_for_xml(value.get<std::string>()).c_str());
  } else if (!value.is_null()) {
    into.text().set(value.dump().c_str());
  }
}

Response answer(int status, std::string content_type, std::string body) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", std::move(content_type));
  response.headers.add("Cache-Control", "no-store");
  response.body = std::move(body);
  return response;
}

Response xml_answer(int status, pugi::xml_document const& document) {
  std::ostringstream text;
  document.save(text, "  ", pugi::format_default, pugi::encoding_utf8);
  return answer(status, "text/xml; charset=utf-8", text.str());
}

void declare(pugi::xml_document& document) {
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "utf-8";
}

}  // namespace

bool wants_xml(Request const& request) {
  return request.path.ends_with(".xml");
}

Response open311_answer(int status, OrderedJson const& list, std::string_view root, std::string_view item,
                        Request const& request) {
  if (!wants_xml(request)) return answer(status, "application/json", list.dump());
  pugi::xml_document document;
  declare(document);
  auto top = document.append_child(std::string(root).c_str());
  for (auto const& entry : list) write(top.append_child(std::string(item).c_str()), entry, {});
  return xml_answer(status, document);
}

Response open311_object(OrderedJson const& object, std::string_view root, Request const& request) {
  if (!wants_xml(request)) return answer(200, "application/json", object.dump());
  pugi::xml_document document;
  declare(document);
  write(document.append_child(std::string(root).c_str()), object, {});
  return xml_answer(200, document);
}

Response open311_problem(int status, Refusals const& refusals, Request const& request) {
  auto list = OrderedJson::array();
  auto const language = http::language_of(request);
  for (auto const& refusal : refusals) {
    auto description = in(language, refusal.text);
    if (!refusal.pointer.empty()) description = refusal.pointer + ": " + description;
    list.push_back({{"code", status}, {"description", std::move(description)}});
  }
  return open311_answer(status, list, "errors", "error", request);
}

}  // namespace bihuan::routes
