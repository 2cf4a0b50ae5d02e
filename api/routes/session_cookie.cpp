// SPDX-License-Identifier: Apache-2.0
#include "api/routes/session_cookie.hpp"

namespace bihuan::routes {
namespace {

constexpr std::string_view cookie_name = "bihuan_session";

}  // namespace

std::optional<std::string> cookie_of(http::Request const& request, std::string_view name) {
  auto cookies = request.headers.find("cookie").value_or("");
  while (!cookies.empty()) {
    auto pair = cookies.substr(0, cookies.find(';'));
    cookies.remove_prefix(std::min(cookies.size(), pair.size() + 1));
    pair.remove_prefix(std::min(pair.size(), pair.find_first_not_of(' ')));
    if (pair.size() > name.size() + 1 && pair.starts_with(name) && pair[name.size()] == '=') {
      return std::string(pair.substr(name.size() + 1));
    }
  }
  return std::nullopt;
}

std::optional<std::string> session_cookie(http::Request const& request) {
  return cookie_of(request, cookie_name);
}

// Without an age, so that it ends with the browser; the token itself ends after twelve hours.
std::string set_session_cookie(std::string const& token, bool secure) {
  std::string cookie(cookie_name);
  cookie += "=" + token + "; Path=/; HttpOnly; SameSite=Lax";
  if (secure) cookie += "; Secure";
  if (token.empty()) cookie += "; Max-Age=0";
  return cookie;
}

}  // namespace bihuan::routes
