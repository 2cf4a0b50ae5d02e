// SPDX-License-Identifier: Apache-2.0
#include "api/http/curl.hpp"

#include <mutex>
#include <new>

namespace bihuan::http {

CurlCall call_to(std::string const& url, CurlFields const& fields, std::chrono::milliseconds connect,
                 std::chrono::milliseconds whole) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  CurlCall call(curl_easy_init());
  if (!call) throw std::bad_alloc();
  curl_easy_setopt(call.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(call.get(), CURLOPT_HTTPHEADER, fields.get());
  curl_easy_setopt(call.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(call.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(call.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(call.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(call.get(), CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect.count()));
  curl_easy_setopt(call.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(whole.count()));
  curl_easy_setopt(call.get(), CURLOPT_USERAGENT, "Bihuan");
  return call;
}

void post(CurlCall const& call, std::string const& body) {
  curl_easy_setopt(call.get(), CURLOPT_POST, 1L);
  curl_easy_setopt(call.get(), CURLOPT_POSTFIELDS, body.c_str());
  curl_easy_setopt(call.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
}

int status_of(CurlCall const& call) {
  long status = 0;
  curl_easy_getinfo(call.get(), CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

CurlFields fields_of(std::span<std::string const> lines) {
  CurlFields fields;
  for (auto const& line : lines) {
    auto* const longer = curl_slist_append(fields.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    (void)fields.release();  // the same list, or now its first line
    fields.reset(longer);
  }
  return fields;
}

CurlUrl read_url(std::string const& text) {
  CurlUrl url(curl_url());
  if (url && curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK) url.reset();
  return url;
}

std::string part_of(CurlUrl const& url, CURLUPart part, unsigned int flags) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, flags) != CURLUE_OK) return {};
  std::string read(text);
  curl_free(text);
  return read;
}

std::string host_of(CurlUrl const& url) {
  auto host = part_of(url, CURLUPART_HOST);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return host;
}

}  // namespace bihuan::http
