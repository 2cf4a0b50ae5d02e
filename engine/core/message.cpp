// SPDX-License-Identifier: Apache-2.0
#include "engine/core/message.hpp"

#include <fmt/args.h>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_map>

#include "embedded/messages.hpp"

namespace bihuan {
namespace {

using Catalogue = std::unordered_map<std::string, Text>;

[[noreturn]] void stop(std::string_view key, std::string_view why) {
  fmt::print(stderr, "message catalogue: {}: {}\n", key, why);
  std::abort();
}

void load_language(Catalogue& texts, std::string_view source, std::string Text::*language) {
  auto const file = nlohmann::json::parse(source);
  for (auto const& [key, text] : file.items()) {
    texts[key].*language = text.get<std::string>();
  }
}

Catalogue load_catalogue() {
  Catalogue texts;
  load_language(texts, embedded::messages::zh_json, &Text::zh);
  load_language(texts, embedded::messages::en_json, &Text::en);
  return texts;
}

Text const* find_text(std::string_view key) {
  static Catalogue const catalogue = load_catalogue();
  auto const found = catalogue.find(std::string(key));
  return found == catalogue.end() ? nullptr : &found->second;
}

// Nothing when the pattern has a placeholder that no argument fills.
std::optional<std::string> fill(std::string const& pattern, std::initializer_list<Argument> arguments,
                                std::string Text::*language) {
  fmt::dynamic_format_arg_store<fmt::format_context> store;
  for (Argument const& argument : arguments) {
    store.push_back(fmt::arg(std::string(argument.name).c_str(), argument.text.*language));
  }
  try {
    return fmt::vformat(pattern, store);
  } catch (fmt::format_error const&) {
    return std::nullopt;
  }
}

std::optional<Text> fill(Text const& pattern, std::initializer_list<Argument> arguments) {
  auto zh = fill(pattern.zh, arguments, &Text::zh);
  auto en = fill(pattern.en, arguments, &Text::en);
  if (!zh || !en) {
    return std::nullopt;
  }
  return Text{.zh = std::move(*zh), .en = std::move(*en)};
}

}  // namespace

Text message(std::string_view key, std::initializer_list<Argument> arguments) {
  Text const* const pattern = find_text(key);
  if (pattern == nullptr) {
    stop(key, "no such text");
  }
  auto text = fill(*pattern, arguments);
  if (!text) {
    stop(key, "a placeholder has no argument");
  }
  return std::move(*text);
}

Text role_title(std::string_view role) {
  Text const* const title = find_text("role." + std::string(role));
  return title == nullptr ? Text{std::string(role), std::string(role)} : *title;
}

Refusal refusal(Code code, std::string pointer, std::initializer_list<Argument> arguments) {
  std::string const name(code_name(code));
  Refusal made{.code = code,
               .text = message("refusal." + name, arguments),
               .pointer = std::move(pointer),
               .sources = {},
               .remedy = {}};
  if (Text const* const pattern = find_text("remedy." + name)) {
    if (auto remedy = fill(*pattern, arguments)) {
      made.remedy = std::move(*remedy);
    }
  }
  return made;
}

Refusal stale_version(std::string pointer, std::int64_t seen, std::int64_t current) {
  return refusal(Code::stale_version, std::move(pointer),
                 {{"seen", std::to_string(seen)}, {"current", std::to_string(current)}});
}

}  // namespace bihuan
