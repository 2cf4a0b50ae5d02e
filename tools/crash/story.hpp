// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/store/store.hpp"

namespace bihuan::crash {

// A case told step by step, as the core would decide it, with everything that a store keeps of it: parts, a
// deadline, documents, words to search for, a key. For stores alone: what a step costs here is the store's.
class Story {
 public:
  explicit Story(std::string id) : id_(std::move(id)) {}

  // The next step, under this token (see Asked).
  [[nodiscard]] Append open(std::string const& token);
  [[nodiscard]] Append go(std::string const& token, std::optional<std::string> const& document);
  // A step that opens another case, linked both ways.
  [[nodiscard]] Append go_and_open(std::string const& token, std::string const& other);

  // The step that was told last is there, or never was.
  void took() { before_ = after_; }
  void did_not_take() { after_ = before_; }
  // Whichever it is, this is how the case stands.
  void stands(Case stored) { before_ = after_ = std::move(stored); }

  [[nodiscard]] std::string const& id() const { return id_; }
  [[nodiscard]] std::int64_t revision() const { return before_.revision; }
  [[nodiscard]] std::int64_t told_revision() const { return after_.revision; }

 private:
  [[nodiscard]] Event event(EventType type, Json body, int index) const;
  [[nodiscard]] Event transition(std::string const& token) const;
  [[nodiscard]] Event linked(std::string const& other, bool outward, std::string const& state, int index) const;
  [[nodiscard]] std::vector<Event> opening(std::string const& token) const;
  [[nodiscard]] Change change(std::vector<Event> events);

  std::string id_;
  Case before_;
  Case after_;
};

// Who tells stories; their keys are theirs.
inline constexpr char teller[] = "teller";

}  // namespace bihuan::crash
