// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/core/json.hpp"
#include "tools/bihuan/demo_random.hpp"

namespace bihuan {

// What one made-up matter is about, so that its texts, place and category agree.
struct DemoMatter {
  std::string category;
  std::string township;
  std::string trouble;
  std::string offence;
  std::string offence_kind;  // as workflows call it
  std::string duty;          // whose neglect it is
  std::string enterprise;
  Json place;
  int year = 0;                    // in which it came up
  std::vector<std::string> leads;  // units that such matters are given to
};

// The vocabulary of the demonstration district (demo_words.json).
class DemoWords {
 public:
  DemoWords();

  [[nodiscard]] Json const& all() const { return words_; }
  // In `township` when that is one.
  [[nodiscard]] DemoMatter matter(DemoRandom& random, std::string const& township, int year) const;
  [[nodiscard]] std::string person_name(DemoRandom& random) const;
  // A text for this field of this workflow, or an empty one when the vocabulary does not know it.
  [[nodiscard]] std::string field_text(std::string const& workflow, std::string const& field, DemoMatter const& matter,
                                       DemoRandom& random) const;
  // One of a list of texts under `key`.
  [[nodiscard]] std::string pick(std::string const& key, DemoRandom& random) const;

 private:
  [[nodiscard]] std::string filled(std::string text, DemoMatter const& matter, DemoRandom& random) const;

  Json words_;
};

}  // namespace bihuan
