// SPDX-License-Identifier: Apache-2.0
#include "api/http/outgoing.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "api/http/curl.hpp"
#include "engine/core/message.hpp"

namespace bihuan::http {
namespace {

constexpr std::size_t answer_limit = 64 * 1024;

bool is_digits(std::string_view text) {
  return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// What is no address of the internet: this machine, links, networks of one's own, what is reserved.
std::vector<Network> const& not_public() {
  static std::vector<Network> const all = [] {
    std::vector<Network> networks;
    for (auto const* const text :
         {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
          "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4", "::/128", "::1/128", "64:ff9b::/96",
          "fc00::/7", "fe80::/10", "ff00::/8"}) {
      networks.push_back(*Network::parse(text));
    }
    return networks;
  }();
  return all;
}

struct Place {
  std::string scheme;
  std::string host;
  std::string port;
};

std::optional<Place> place_of(std::string const& text) {
  auto const url = read_url(text);
  if (!url) return std::nullopt;
  Place place{.scheme = part_of(url, CURLUPART_SCHEME),
              .host = host_of(url),
              .port = part_of(url, CURLUPART_PORT, CURLU_DEFAULT_PORT)};
  std::ranges::transform(place.host, place.host.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (place.host.ends_with('.')) place.host.pop_back();
  bool const known = place.scheme == "https" || place.scheme == "http";
  return known && !place.host.empty() ? std::optional(place) : std::nullopt;
}

// Of the connection that is about to be made.
std::string address_text(curl_sockaddr const& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  void const* bytes = nullptr;
  if (address.family == AF_INET) bytes = &reinterpret_cast<sockaddr_in const*>(&address.addr)->sin_addr;
  if (address.family == AF_INET6) bytes = &reinterpret_cast<sockaddr_in6 const*>(&address.addr)->sin6_addr;
  if (bytes == nullptr || inet_ntop(address.family, bytes, text.data(), text.size()) == nullptr) return {};
  return text.data();
}

struct Sending {
  Targets const& targets;
  bool named = true;
  bool kept_out = false;
  std::size_t answered = 0;
};

curl_socket_t open_socket(void* sending, curlsocktype, curl_sockaddr* address) {
  auto& known = *static_cast<Sending*>(sending);
  if (!known.targets.allows_address(address_text(*address), known.named)) {
    known.kept_out = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// Only that it answered counts; one that never ends is cut off.
std::size_t discard(char*, std::size_t size, std::size_t count, void* sending) {
  auto& known = *static_cast<Sending*>(sending);
  known.answered += size * count;
  return known.answered > answer_limit ? 0 : size * count;
}

class Sender {
 public:
  Sender(Targets targets, std::chrono::milliseconds longest) : targets_(std::move(targets)), longest_(longest) {}

  [[nodiscard]] Result<void> check(std::string const& url) const {
    auto const place = place_of(url);
    if (!place)
      return refused(
          refusal(Code::bad_format, {}, {{"value", url.substr(0, 200)}, {"expected", message("expected.url")}}));
    bool const address = parse_address(place->host).has_value();
    bool const allowed =
        address ? targets_.allows_address(place->host, false) : targets_.allows_name(place->host, place->port);
    if (allowed) return {};
    return refused(refusal(Code::not_a_choice, {}, {{"value", place->host}, {"choices", message("webhook.allowed")}}));
  }

  [[nodiscard]] WebhookAnswer send(WebhookMessage const& what) const {
    if (!check(what.url)) return {.status = 0, .fault = "the target is not allowed"};
    auto const place = place_of(what.url);
    Sending sending{.targets = targets_, .named = !parse_address(place->host).has_value()};
    std::array<std::string, 5> const lines = {
        "Content-Type: application/cloudevents+json; charset=utf-8", "webhook-id: " + what.id,
        "webhook-timestamp: " + std::to_string(what.timestamp.time_since_epoch().count()),
        "webhook-signature: " + what.signature, "Expect:"};
    auto const fields = fields_of(lines);
    auto const call = call_to(what.url, fields, longest_ / 2, longest_);
    post(call, what.body);
    curl_easy_setopt(call.get(), CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(call.get(), CURLOPT_OPENSOCKETDATA, &sending);
    curl_easy_setopt(call.get(), CURLOPT_WRITEFUNCTION, discard);
    curl_easy_setopt(call.get(), CURLOPT_WRITEDATA, &sending);
    return answer_of(call, curl_easy_perform(call.get()), sending);
  }

 private:
  static WebhookAnswer answer_of(CurlCall const& call, CURLcode done, Sending const& sending) {
    // The rest of a long answer was not wanted.
    bool const cut_off = done == CURLE_WRITE_ERROR && sending.answered > answer_limit;
    if (done != CURLE_OK && !cut_off) {
      return {.status = 0,
              .fault = sending.kept_out ? "the target's address is not allowed" : curl_easy_strerror(done)};
    }
    WebhookAnswer answer{.status = status_of(call)};
    curl_off_t wait = 0;
    if (curl_easy_getinfo(call.get(), CURLINFO_RETRY_AFTER, &wait) == CURLE_OK && wait > 0)
      answer.retry_after = std::chrono::seconds(wait);
    return answer;
  }

  Targets targets_;
  std::chrono::milliseconds longest_;
};

}  // namespace

Result<Targets> Targets::parse(std::vector<std::string> const& allowed) {
  Targets targets;
  Refusals faults;
  for (std::size_t index = 0; index < allowed.size(); ++index) {
    auto const& text = allowed[index];
    if (auto network = Network::parse(text)) {
      targets.networks_.push_back(*network);
      continue;
    }
    auto const colon = text.rfind(':');
    Name name{.host = text.substr(0, colon), .port = colon == std::string::npos ? "" : text.substr(colon + 1)};
    if (name.host.starts_with("*.")) name.host.erase(0, 1);
    std::ranges::transform(name.host, name.host.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    // An address is allowed with all its ports, as a network; with one of them it would never be met.
    bool const good = name.host.size() > 1 && !parse_address(name.host) &&
                      name.host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") == std::string::npos &&
                      (colon == std::string::npos || is_digits(name.port));
    if (good) {
      targets.names_.push_back(std::move(name));
    } else {
      faults.push_back(refusal(Code::bad_format, pointer_to("", index),
                               {{"value", text}, {"expected", message("expected.webhook_target")}}));
    }
  }
  if (!faults.empty()) return refused(std::move(faults));
  return targets;
}

bool Targets::allows_name(std::string_view host, std::string_view port) const {
  return std::ranges::any_of(names_, [&](Name const& name) {
    bool const fits = name.host.starts_with('.') ? host.ends_with(name.host) : host == name.host;
    return fits && (name.port.empty() || name.port == port);
  });
}

bool Targets::allows_address(std::string_view address, bool named) const {
  auto const bytes = parse_address(address);
  if (!bytes) return false;
  auto const has = [&](Network const& network) { return network.contains(*bytes); };
  if (std::ranges::any_of(networks_, has)) return true;
  return named && std::ranges::none_of(not_public(), has);
}

WebhookSender make_webhook_sender(Targets targets, std::chrono::milliseconds longest) {
  auto const sender = std::make_shared<Sender>(std::move(targets), longest);
  return {.send = [sender](WebhookMessage const& what) { return sender->send(what); },
          .check = [sender](std::string const& url) { return sender->check(url); }};
}

}  // namespace bihuan::http
