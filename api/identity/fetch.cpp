// SPDX-License-Identifier: Apache-2.0
#include "api/identity/fetch.hpp"

#include <curl/curl.h>

#include <memory>
#include <mutex>
#include <new>

#include "api/http/forwarded.hpp"
#include "api/routes/answer.hpp"

namespace bihuan::identity {
namespace {

constexpr long connect_seconds = 3;
constexpr long whole_seconds = 5;
constexpr std::size_t answer_limit = 512 * 1024;

struct CleanUp {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::size_t keep(char const* bytes, std::size_t size, std::size_t count, void* kept) {
  auto& body = *static_cast<std::string*>(kept);
  if (body.size() + size * count > answer_limit) return 0;
  body.append(bytes, size * count);
  return size * count;
}

std::unique_ptr<curl_slist, CleanUp> list_of(std::vector<std::string> const& fields) {
  std::unique_ptr<curl_slist, CleanUp> list;
  for (auto const& field : fields) {
    auto* const longer = curl_slist_append(list.get(), field.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    (void)list.release();
    list.reset(longer);
  }
  return list;
}

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string read(text);
  curl_free(text);
  return read;
}

}  // namespace

Outcome<Fetched> fetch(Asked const& asked) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  std::unique_ptr<CURL, CleanUp> const handle(curl_easy_init());
  if (!handle) throw std::bad_alloc();
  auto fields = asked.fields;
  fields.emplace_back("Accept: application/json");
  fields.emplace_back("Expect:");
  auto const list = list_of(fields);
  Fetched fetched;
  auto* const curl = handle.get();
  curl_easy_setopt(curl, CURLOPT_URL, asked.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, connect_seconds);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, whole_seconds);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "Bihuan");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list.get());
  if (!asked.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, asked.ca_file.c_str());
  if (asked.form) {
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, asked.form->c_str());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(asked.form->size()));
  }
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &fetched.body);
  auto const done = curl_easy_perform(curl);
  if (done != CURLE_OK) return unavailable_because(asked.url + ": " + curl_easy_strerror(done));
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  fetched.status = static_cast<int>(status);
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
  std::unique_ptr<CURLU, CleanUp> const url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK) return false;
  auto const scheme = part_of(url.get(), CURLUPART_SCHEME);
  if (scheme == "https") return true;
  auto host = part_of(url.get(), CURLUPART_HOST);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
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
