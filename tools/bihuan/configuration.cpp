// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/configuration.hpp"

#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <sstream>

#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"
#include "tools/bihuan/open_store.hpp"

namespace bihuan {
namespace {

namespace fs = std::filesystem;

template <class... Each>
struct Overloaded : Each... {
  using Each::operator()...;
};

Refusal unreadable(fs::path const& file, std::string const& line, std::string const& reason) {
  return {.code = Code::bad_format,
          .text = message("config.unreadable", {{"path", file.string()}, {"line", line}, {"reason", reason}}),
          .pointer = {},
          .sources = {},
          .remedy = {}};
}

Result<OrderedJson> read_file(fs::path const& file) {
  if (file.empty()) return OrderedJson::object();
  try {
    std::ostringstream json;
    json << toml::json_formatter(toml::parse_file(file.string()));
    return OrderedJson::parse(json.str());
  } catch (toml::parse_error const& fault) {
    return refused(unreadable(file, std::to_string(fault.source().begin.line), std::string(fault.description())));
  }
}

std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    auto const comma = std::min(text.find(','), text.size());
    parts.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

// A variable as the file would say it. What does not have the form stays a text, and is a fault of its type.
OrderedJson value_of(Setting::Member const& member, std::string const& text) {
  return std::visit(Overloaded{[&](std::vector<std::string> ServeOptions::*) { return OrderedJson(parts_of(text)); },
                               [&](std::vector<Membership> ServeOptions::*) {
                                 auto read = OrderedJson::parse(text, nullptr, false);
                                 return read.is_array() ? read : OrderedJson(text);
                               },
                               [&](bool ServeOptions::*) {
                                 if (text == "true") return OrderedJson(true);
                                 return text == "false" ? OrderedJson(false) : OrderedJson(text);
                               },
                               [&](int ServeOptions::*) {
                                 bool const whole = !text.empty() && text.size() < 10 &&
                                                    text.find_first_not_of("0123456789") == std::string::npos;
                                 return whole ? OrderedJson(std::stoi(text)) : OrderedJson(text);
                               },
                               [&](auto ServeOptions::*) { return OrderedJson(text); }},
                    member);
}

void note_origins(OrderedJson const& values, Origin origin, std::map<std::string, Origin>& origins) {
  for (auto const& setting : settings()) {
    auto const section = values.find(setting.section);
    if (section != values.end() && section->is_object() && section->contains(setting.key))
      origins[setting.name()] = origin;
  }
}

OrderedJson read_environment(std::vector<std::string> const& environment, Refusals& faults) {
  OrderedJson values = OrderedJson::object();
  for (auto const& line : environment) {
    auto const equals = std::min(line.find('='), line.size());
    auto const name = line.substr(0, equals);
    // Other variables of ours have no section.
    if (!name.starts_with("BIHUAN_") || name.find("__") == std::string::npos) continue;
    auto const& all = settings();
    auto const setting = std::ranges::find(all, name, &Setting::variable);
    if (setting == all.end()) {
      faults.push_back(refusal(Code::unknown_field, {}, {{"name", name}}));
    } else {
      values[std::string(setting->section)][std::string(setting->key)] =
          value_of(setting->member, line.substr(std::min(equals + 1, line.size())));
    }
  }
  return values;
}

std::vector<Membership> read_memberships(Reader& section, std::string_view key) {
  std::vector<Membership> memberships;
  section.elements(key, [&](std::size_t, Reader& entry) {
    Membership membership{.claim = entry.text_or("claim", ""),
                          .value = entry.text_or("value", ""),
                          .unit = entry.text_or("unit", ""),
                          .roles = entry.texts("roles")};
    entry.finish();
    if (membership.claim.empty() != membership.value.empty())
      entry.fault(Code::missing, membership.claim.empty() ? "claim" : "value",
                  {{"name", membership.claim.empty() ? "claim" : "value"}});
    if (membership.unit.empty() && membership.roles.empty()) entry.fault(Code::missing, "unit", {{"name", "unit"}});
    memberships.push_back(std::move(membership));
  });
  return memberships;
}

void read_setting(Setting const& setting, Reader& section, ServeOptions& options) {
  std::visit(
      Overloaded{
          [&](std::string ServeOptions::*text) {
            options.*text = setting.choices.empty() ? section.text_or(setting.key, options.*text)
                                                    : section.choice(setting.key, setting.choices, options.*text);
          },
          [&](fs::path ServeOptions::*path) { options.*path = section.text_or(setting.key, (options.*path).string()); },
          [&](bool ServeOptions::*flag) { options.*flag = section.boolean_or(setting.key, options.*flag); },
          [&](std::vector<std::string> ServeOptions::*list) {
            if (section.find(setting.key) != nullptr) options.*list = section.texts(setting.key);
          },
          [&](std::vector<Membership> ServeOptions::*list) {
            if (section.find(setting.key) != nullptr) options.*list = read_memberships(section, setting.key);
          },
          [&](int ServeOptions::*number) {
            auto const given = section.integer_or(setting.key, options.*number);
            if (given >= setting.lowest && given <= setting.highest) {
              options.*number = static_cast<int>(given);
            } else {
              section.fault(
                  Code::out_of_bounds, setting.key,
                  {{"expected", message("expected.whole_number_between", {{"from", std::to_string(setting.lowest)},
                                                                          {"to", std::to_string(setting.highest)}})}});
            }
          }},
      setting.member);
}

void read_values(OrderedJson const& values, ServeOptions& options, Refusals& faults) {
  Reader root(values, "", faults);
  std::string_view read;
  for (auto const& first : settings()) {
    if (first.section == read) continue;
    read = first.section;
    auto const* const part = root.find(read);
    if (part == nullptr) continue;
    Reader section(*part, "/" + std::string(read), faults);
    for (auto const& setting : settings()) {
      if (setting.section == read) read_setting(setting, section, options);
    }
    section.finish();
  }
  root.finish();
}

std::string shown(std::vector<Membership> const& memberships) {
  std::string text;
  for (auto const& [claim, value, unit, roles] : memberships) {
    auto const add = [&](char const* name, std::string const& said) {
      if (!said.empty()) text += std::string(name) + " = " + OrderedJson(said).dump() + ", ";
    };
    text += text.empty() ? "{" : ", {";
    add("claim", claim);
    add("value", value);
    add("unit", unit);
    text += "roles = " + OrderedJson(roles).dump() + "}";
  }
  return "[" + text + "]";
}

std::string shown(Setting const& setting, ServeOptions const& options, bool redacted) {
  auto const quoted = [&](std::string const& text) {
    if (setting.secret && redacted && !text.empty()) return std::string("\"***\"");
    return OrderedJson(redacted ? without_password(text) : text).dump();
  };
  return std::visit(
      Overloaded{[&](std::string ServeOptions::*text) { return quoted(options.*text); },
                 [&](fs::path ServeOptions::*path) { return quoted((options.*path).string()); },
                 [&](bool ServeOptions::*flag) { return std::string(options.*flag ? "true" : "false"); },
                 [&](int ServeOptions::*number) { return std::to_string(options.*number); },
                 [&](std::vector<std::string> ServeOptions::*list) { return OrderedJson(options.*list).dump(); },
                 [&](std::vector<Membership> ServeOptions::*list) { return shown(options.*list); }},
      setting.member);
}

std::string_view name_of(Origin origin) {
  switch (origin) {
    case Origin::usual: return "default";
    case Origin::file: return "file";
    case Origin::environment: return "environment";
    case Origin::flag: return "flag";
  }
  return "";
}

}  // namespace

fs::path configuration_file(fs::path const& given) {
  if (!given.empty()) return given;
  if (char const* const named = std::getenv("BIHUAN_CONFIG"); named != nullptr && *named != '\0') return named;
  std::error_code ignored;
  return fs::exists(usual_configuration_file, ignored) ? fs::path(usual_configuration_file) : fs::path();
}

std::optional<Configuration> read_configuration(fs::path const& file, std::vector<std::string> const& environment,
                                                Refusals& faults) {
  Configuration configuration;
  auto values = read_file(file);
  if (values) {
    note_origins(*values, Origin::file, configuration.origins);
    read_values(*values, configuration.options, faults);
  } else {
    append(faults, std::move(values.error()));
  }
  auto const over = read_environment(environment, faults);
  note_origins(over, Origin::environment, configuration.origins);
  read_values(over, configuration.options, faults);
  if (!values) return std::nullopt;
  return configuration;
}

Result<Configuration> read_configuration(fs::path const& file, std::vector<std::string> const& environment) {
  Refusals faults;
  auto configuration = read_configuration(file, environment, faults);
  if (!faults.empty()) return refused(std::move(faults));
  return std::move(*configuration);
}

void take_flag(Configuration& configuration, Setting const& setting, ServeOptions const& given) {
  std::visit([&](auto member) { configuration.options.*member = given.*member; }, setting.member);
  configuration.origins[setting.name()] = Origin::flag;
}

std::vector<std::string> environment_of_process() {
  std::vector<std::string> lines;
  for (char** line = environ; *line != nullptr; ++line) lines.emplace_back(*line);
  return lines;
}

void print_configuration(std::ostream& out, Configuration const& configuration, bool redacted) {
  std::string_view section;
  for (auto const& setting : settings()) {
    if (setting.section != section) {
      out << (section.empty() ? "" : "\n") << "[" << setting.section << "]\n";
      section = setting.section;
    }
    auto const origin = configuration.origins.find(setting.name());
    out << setting.key << " = " << shown(setting, configuration.options, redacted) << "  # "
        << name_of(origin == configuration.origins.end() ? Origin::usual : origin->second) << "\n";
  }
}

}  // namespace bihuan
