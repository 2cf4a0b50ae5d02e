// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "engine/core/apply.hpp"
#include "engine/core/message.hpp"
#include "engine/store/store.hpp"

namespace bihuan::test {

// 2026-11-01T00:00:00Z plus so many seconds.
[[nodiscard]] Instant at(std::int64_t seconds);
inline constexpr std::int64_t day = 24 * 60 * 60;
inline constexpr auto everything = [] { return Visibility::of_everything(); };
[[nodiscard]] Visibility seen_by(std::string unit, std::vector<std::string> workflows = {});

// A directory of its own that goes away with it.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(TemporaryDirectory const&) = delete;
  TemporaryDirectory& operator=(TemporaryDirectory const&) = delete;
  [[nodiscard]] std::filesystem::path const& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct Story {
  std::string id{};
  std::string workflow = "inspection-issue";
  std::string lead = "water";
  std::string person{};  // of the lead unit, who holds the part
  std::string title = "某企业雨水口污水外溢";
  std::string opener = "p1";
  std::int64_t opened = 0;
  Json fields = {{"category", "water"}};
};

// Builds changes the way the core does: events first, and the case is what they say.
class Tale {
 public:
  explicit Tale(Story story);

  // Each gives one change on top of what went before.
  [[nodiscard]] Change open(std::optional<std::int64_t> due = std::nullopt, std::int64_t warn_before = day);
  [[nodiscard]] Change comment(std::string const& text, std::string const& by = {});
  [[nodiscard]] Change ask(std::string const& action);
  [[nodiscard]] Change go(std::string const& state, bool final = false);
  [[nodiscard]] Change start(std::string const& deadline, std::int64_t due, std::int64_t warn_before = day);
  [[nodiscard]] Change stop(std::string const& deadline);
  [[nodiscard]] Change give_part(std::string const& party, std::vector<Holder> const& holders);
  [[nodiscard]] Change attach(std::string const& sha256);
  [[nodiscard]] Change correct(Json const& fields);
  [[nodiscard]] Change retitle(std::string const& title);
  [[nodiscard]] Change link(std::string const& other);

  // The case as the store should give it back.
  [[nodiscard]] Case const& subject() const { return subject_; }
  // Goes on from what the store has.
  void go_on_from(Case stored) { subject_ = std::move(stored); }

 private:
  Event event(EventType type, Json body, int index) const;
  Change change(std::vector<Event> events);
  Event started(std::string const& deadline, std::int64_t due, std::int64_t warn_before, int index) const;

  Story story_;
  Case subject_;
};

[[nodiscard]] Append of(Change change);
// Appends and fails the test when it is refused.
Appended must_append(Store& store, Append append);
[[nodiscard]] std::vector<std::string> ids(Page<Case> const& page);

}  // namespace bihuan::test
