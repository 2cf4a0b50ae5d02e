// SPDX-License-Identifier: Apache-2.0
#include "api/identity/fetch.hpp"

#include <chrono>

#include "api/http/curl.hpp"
#include "api/http/forwarded.hpp"
#include "api/routes/answer.hpp"

namespace bihuan::identity {
namespace {

constexpr std::chrono::seconds connecting(3);
constexpr std::chrono::seconds in_all(5);
constexpr std::size_t answer_limit = 512 * 1024;

std::size_t keep(char const* bytes, std::size_t size, std::size_t count, void* kept) {
  auto& body = *static_cast<std::string*>(kept);
  if (body.size() + size * count > answer_limit) return 0;
  body.append(bytes, size * count);
  return size * count;
}

}  // namespace

Outcome<Fetched> fetch(Asked const& asked) {
  auto lines = asked.fields;
  lines.emplace_back("Accept: application/json");
  lines.emplace_back("Expect:");
  auto const fields = http::fields_of(lines);
  auto const call = http::call_to(asked.url, fields, connecting, in_all);
  if (!asked.ca_file.empty()) curl_easy_setopt(call.get(), CURLOPT_CAINFO, asked.ca_file.c_str());
  if (asked.form) http::post(call, *asked.form);
  Fetched fetched;
  curl_easy_setopt(call.get(), CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(call.get(), CURLOPT_WRITEDATA, &fetched.body);
  auto const done = curl_easy_perform(call.get());
  if (done != CURLE_OK) return unavailable_because(asked.url + ": " + curl_easy_strerror(done));
  fetched.status = http::status_of(call);
  return fetched;
}

std::string form_of(std::vector<std::pair<std::string, std::string>> const& parameters) {
  std::string form;
  for (auto const& [name, value] : parameters) {
    if (!form.empty()) form += '&';
    form += routes::percent_encoded(name) + "=" + routes::percent_encoded(value);
  }
  return form;
}

bool is_guarded_url(std::string const& text) {
  auto const url = http::read_url(text);
  if (!url) return false;
  auto const scheme = http::part_of(url, CURLUPART_SCHEME);
  if (scheme == "https") return true;
  auto const host = http::host_of(url);
  static auto const loopback = {http::Network::parse("127.0.0.0/8"), http::Network::parse("::1")};
  auto const address = http::parse_address(host);
  if (scheme != "http") return false;
  if (host == "localhost") return true;
  for (auto const& network : loopback) {
    if (address && network->contains(*address)) return true;
  }
  return false;
}

}  // namespace bihuan::identity
