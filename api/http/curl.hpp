// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <span>
#include <string>

namespace bihuan::http {

struct CurlCleanUp {
  void operator()(CURL* call) const { curl_easy_cleanup(call); }
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlCall = std::unique_ptr<CURL, CurlCleanUp>;
using CurlUrl = std::unique_ptr<CURLU, CurlCleanUp>;
using CurlFields = std::unique_ptr<curl_slist, CurlCleanUp>;

// A call to somebody else's server as all of ours are: http or https, no redirects, no proxies, so long to connect and
// in all. Texts are copied; `fields` must outlive the call.
[[nodiscard]] CurlCall call_to(std::string const& url, CurlFields const& fields, std::chrono::milliseconds connect,
                               std::chrono::milliseconds whole);
// Sends `body`, which must outlive the call.
void post(CurlCall const& call, std::string const& body);
// Of the answer; 0 without one.
[[nodiscard]] int status_of(CurlCall const& call);

// The lines of a head.
[[nodiscard]] CurlFields fields_of(std::span<std::string const> lines);

// Empty for what is no address, or names a user.
[[nodiscard]] CurlUrl read_url(std::string const& text);
// Empty when the address has no such part.
[[nodiscard]] std::string part_of(CurlUrl const& url, CURLUPart part, unsigned int flags = 0);
// The host without the brackets of an IPv6 address.
[[nodiscard]] std::string host_of(CurlUrl const& url);

}  // namespace bihuan::http
