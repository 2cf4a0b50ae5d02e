// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/definition.hpp"

namespace bihuan {

// What a form is filled with: single values by their dotted name ("fields.offence"), absent ones left out, and
// the rows of its lists.
struct PaperValues {
  using Rows = std::vector<std::map<std::string, std::string>>;
  std::map<std::string, std::string> single;
  std::map<std::string, Rows> lists;
};

// A form to print: HTML with Mustache placeholders, every one of them escaped. Immutable; safe to share.
class PaperForm {
 public:
  // `style` is what {{> style}} stands for. Refused with bad_format when a section is not closed, or a
  // placeholder would not be escaped.
  static Result<PaperForm> parse(std::string text, std::string_view style);

  // What it reads that this definition does not have, or keeps from some who see the case. `pointer` is where this
  // kind of document names it.
  [[nodiscard]] Refusals check(Definition const& definition, DocumentKind const& kind,
                               std::string const& pointer) const;
  // Fields that it reads outside of a section of their own: without them it cannot be issued.
  [[nodiscard]] std::vector<std::string> const& needed_fields() const { return needed_; }
  [[nodiscard]] bool reads_field(std::string_view id) const;
  [[nodiscard]] std::string fill(PaperValues const& values) const;

 private:
  struct Read {
    std::string name;
    std::string list;  // inside of whose section; the innermost, or empty
  };

  std::string text_;
  std::vector<Read> reads_;
  std::vector<std::string> needed_;
};

}  // namespace bihuan
