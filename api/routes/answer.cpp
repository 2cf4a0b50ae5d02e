// SPDX-License-Identifier: Apache-2.0
#include "api/routes/answer.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "api/http/packing.hpp"
#include "engine/core/json_text.hpp"
#include "engine/core/message.hpp"
#include "engine/core/utf8.hpp"

namespace bihuan::routes {
namespace {

using http::Request;
using http::Response;

// Stored text is well-formed; should the disk have changed it, the rest is still shown.
std::string dump(OrderedJson const& body) {
  return body.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

// A tag without the mark that the packed form of an answer carries: which form somebody has seen says nothing about
// what they know.
std::string without_mark(std::string_view tag) {
  std::string const mark = std::string(http::packed_mark) + '"';
  if (!tag.ends_with(mark)) return std::string(tag);
  return std::string(tag.substr(0, tag.size() - mark.size())) + '"';
}

Response no_tag(std::string_view given, Request const& request) {
  return parameter_problem(
      refusal(Code::bad_format, "/header/If-Match", {{"value", given}, {"expected", message("expected.entity_tag")}}),
      request);
}

// Every text of it in one normal form.
void compose_texts(OrderedJson& value) {
  if (value.is_string()) {
    auto& text = value.get_ref<std::string&>();
    text = composed(std::move(text));
  } else if (value.is_structured()) {
    for (auto& part : value) compose_texts(part);
  }
}

bool is_json(std::string_view content_type) {
  auto type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return http::same_name(type, "application/json");
}

std::string next_page(Request const& request, std::string const& cursor) {
  std::string target = request.path;
  char separator = '?';
  for (auto const& [name, value] : request.query) {
    if (name == "cursor") continue;
    target.append(1, separator).append(percent_encoded(name)).append("=").append(percent_encoded(value));
    separator = '&';
  }
  return target.append(1, separator).append("cursor=").append(percent_encoded(cursor));
}

}  // namespace

Response json_answer(int status, OrderedJson const& body) {
  return written_answer(status, dump(body));
}

Response written_answer(int status, std::string body) {
  Response response{.status = status};
  response.headers.add("Content-Type", "application/json");
  // What is shown depends on who asks and on the clock: no shared cache, and nothing without asking again.
  response.headers.add("Cache-Control", "private, no-cache");
  response.body = std::move(body);
  return response;
}

Response page_answer(OrderedJson items, std::string const& next_cursor, Request const& request,
                     std::optional<std::int64_t> total) {
  return written_page(dump(items), next_cursor, request, total);
}

Response written_page(std::string const& items, std::string const& next_cursor, Request const& request,
                      std::optional<std::int64_t> total) {
  JsonText body;
  body.begin_object();
  body.key("items");
  body.json(items);
  if (next_cursor.empty()) {
    body.member("next_cursor", nullptr);
  } else {
    body.member("next_cursor", next_cursor);
  }
  if (total) body.member("total", *total);
  body.end_object();
  auto response = written_answer(200, std::move(body).take());
  if (!next_cursor.empty()) {
    response.headers.add("Link", "<" + next_page(request, next_cursor) + ">; rel=\"next\"");
  }
  return response;
}

Response problem_with(Refusals const& refusals, Request const& request, OrderedJson const& members) {
  auto response = http::problem(refusals, request);
  auto body = OrderedJson::parse(response.body);
  for (auto const& [name, value] : members.items()) body[name] = value;
  response.body = dump(body);
  return response;
}

Response problem_as(int status, Refusals const& refusals, Request const& request) {
  auto const title = message("http.title." + std::to_string(status));
  auto response = problem_with(refusals, request,
                               {{"status", status}, {"title", http::prefers_english(request) ? title.en : title.zh}});
  response.status = status;
  return response;
}

Response parameter_problem(Refusal const& refusal, Request const& request) {
  return problem_as(400, {refusal}, request);
}

Step<OrderedJson> read_body(Request const& request, std::size_t most_bytes) {
  if (!is_json(request.headers.find("content-type").value_or(""))) {
    return tl::make_unexpected(
        http::protocol_problem(415, "unsupported_media_type", message("http.expects_json"), request));
  }
  auto body = parse_ordered_json(request.body, {.bytes = most_bytes});
  if (!body) return tl::make_unexpected(http::problem(body.error(), request));
  compose_texts(*body);
  return std::move(*body);
}

Step<std::string> read_expected_tag(Request const& request) {
  auto const given = request.headers.find("if-match");
  if (!given) return tl::make_unexpected(http::problem(refusal(Code::version_required, "/header/If-Match"), request));
  auto const tag = without_mark(*given);
  bool const one = tag.size() > 2 && tag.front() == '"' && tag.find('"', 1) == tag.size() - 1;
  if (!one) return tl::make_unexpected(no_tag(*given, request));
  return tag.substr(1, tag.size() - 2);
}

Step<std::int64_t> read_expected_revision(Request const& request) {
  auto const tag = read_expected_tag(request);
  if (!tag) return tl::make_unexpected(tag.error());
  std::int64_t revision = 0;
  auto const [end, error] = std::from_chars(tag->data(), tag->data() + tag->size(), revision);
  if (error == std::errc() && end == tag->data() + tag->size() && revision >= 0) return revision;
  return tl::make_unexpected(no_tag(*request.headers.find("if-match"), request));
}

std::string entity_tag(std::int64_t revision) {
  return '"' + std::to_string(revision) + '"';
}

bool has_current(Request const& request, std::string_view tag) {
  auto list = request.headers.find("if-none-match").value_or("");
  while (!list.empty()) {
    auto element = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), element.size() + 1));
    element.remove_prefix(std::min(element.size(), element.find_first_not_of(' ')));
    while (element.ends_with(' ')) element.remove_suffix(1);
    if (element.starts_with("W/")) element.remove_prefix(2);  // compared weakly (RFC 9110, 13.1.2)
    if (without_mark(element) == tag || element == "*") return true;
  }
  return false;
}

Response not_modified(std::string const& tag) {
  Response response{.status = 304};
  response.headers.add("ETag", tag);
  response.headers.add("Cache-Control", "private, no-cache");
  return response;
}

std::string percent_encoded(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string encoded;
  for (char const character : text) {
    auto const byte = static_cast<unsigned char>(character);
    bool const letter_or_digit =
        (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
    if (letter_or_digit || std::string_view("-._~").find(character) != std::string_view::npos) {
      encoded += character;
    } else {
      encoded += '%';
      encoded += digits[byte >> 4U];
      encoded += digits[byte & 15U];
    }
  }
  return encoded;
}

}  // namespace bihuan::routes
