// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/search_text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "engine/core/utf8.hpp"

namespace bihuan::sql {
namespace {

// A person types a few words; more would only cost time.
constexpr std::size_t query_runs = 32;

// What a tsvector takes at most: bytes of a token, and tokens with a place of their own.
constexpr std::size_t token_limit = 255;
constexpr std::size_t place_limit = 16383;

// Neighbours that belong together: "污水处理" or "bn-wt-2026".
struct Run {
  bool ideographs = false;
  // Characters of a run of ideographs; words otherwise.
  std::vector<std::string> parts;
  bool ends_in_letter = false;
};

bool is_ideograph(char32_t c) {
  return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF) ||
         (c >= 0x3040 && c <= 0x30FF && c != 0x30FB) || (c >= 0xAC00 && c <= 0xD7AF) || c == 0x3005 || c == 0x3007;
}

bool is_digit(char32_t c) {
  return c >= U'0' && c <= U'9';
}

// Letters beyond ASCII are left to FTS5's own folding; punctuation, symbols and private characters are not
// words.
bool is_letter(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= 0xC0 && c <= 0x1FFF && c != 0xD7 && c != 0xF7);
}

bool is_joint(char32_t c) {
  return c == U'-' || c == U'_' || c == U'/' || c == U'.';
}

// Full-width forms are how an input method writes ASCII.
char32_t folded(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) {
    c -= 0xFEE0;
  }
  return c >= U'A' && c <= U'Z' ? c + 32 : c;
}

class Runs {
 public:
  explicit Runs(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      auto const point = next_code_point(text, at);
      if (!point) {
        ++at;
        take(U' ');
        continue;
      }
      take(folded(*point));
    }
  }
  std::vector<Run> finished;

 private:
  enum class After { gap, word, joint, ideograph };

  void take(char32_t c) {
    if (is_ideograph(c)) {
      if (after_ != After::ideograph) {
        finished.push_back({.ideographs = true, .parts = {}, .ends_in_letter = false});
      }
      finished.back().parts.push_back(utf8(c));
      after_ = After::ideograph;
    } else if (is_digit(c) || is_letter(c)) {
      if (after_ == After::gap || after_ == After::ideograph) {
        finished.emplace_back();
      }
      if (after_ != After::word) {
        finished.back().parts.emplace_back();
      }
      finished.back().parts.back() += utf8(c);
      finished.back().ends_in_letter = !is_digit(c);
      after_ = After::word;
    } else {
      after_ = after_ == After::word && is_joint(c) ? After::joint : After::gap;
    }
  }

  static std::string utf8(char32_t c) {
    auto const byte = [](char32_t value) { return static_cast<char>(static_cast<unsigned char>(value)); };
    if (c < 0x80) {
      return {byte(c)};
    }
    if (c < 0x800) {
      return {byte(0xC0 | (c >> 6U)), byte(0x80 | (c & 0x3FU))};
    }
    if (c < 0x10000) {
      return {byte(0xE0 | (c >> 12U)), byte(0x80 | ((c >> 6U) & 0x3FU)), byte(0x80 | (c & 0x3FU))};
    }
    return {byte(0xF0 | (c >> 18U)), byte(0x80 | ((c >> 12U) & 0x3FU)), byte(0x80 | ((c >> 6U) & 0x3FU)),
            byte(0x80 | (c & 0x3FU))};
  }

  After after_ = After::gap;
};

void append_token(std::string& tokens, std::string_view token) {
  if (!tokens.empty()) {
    tokens += ' ';
  }
  tokens += token;
}

// Pairs "污水", "水处", "处理".
std::string pairs(Run const& run) {
  std::string tokens;
  for (std::size_t place = 0; place + 1 < run.parts.size(); ++place) {
    append_token(tokens, run.parts[place] + run.parts[place + 1]);
  }
  return tokens;
}

std::string phrase(Run const& run) {
  if (!run.ideographs) {
    std::string words;
    for (std::string const& word : run.parts) {
      append_token(words, word);
    }
    // Half a word finds the whole one; a number means itself.
    return '"' + words + (run.ends_in_letter ? "\" *" : "\"");
  }
  if (run.parts.size() == 1) {
    return '"' + run.parts.front() + "\" *";
  }
  return '"' + pairs(run) + '"';
}

// Without case and accents, as FTS5 folds by itself.
std::string folded(std::string token) {
  if (std::ranges::all_of(token, [](char letter) { return static_cast<unsigned char>(letter) < 0x80; })) return token;
  utf8proc_uint8_t* mapped = nullptr;
  auto const options =
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD);
  auto const length = utf8proc_map(reinterpret_cast<utf8proc_uint8_t const*>(token.data()),
                                   static_cast<utf8proc_ssize_t>(token.size()), &mapped, options);
  if (length > 0) token.assign(reinterpret_cast<char const*>(mapped), static_cast<std::size_t>(length));
  std::free(mapped);
  return token;
}

// Tokens are letters, digits and ideographs alone: nothing in them is syntax.
std::string lexeme(std::string_view token) {
  auto const plain = folded(std::string(token));
  auto length = std::min(plain.size(), token_limit);
  while (length < plain.size() && (static_cast<unsigned char>(plain[length]) & 0xC0U) == 0x80U) --length;
  return '\'' + plain.substr(0, length) + '\'';
}

// As phrase() has it.
std::string vector_phrase(Run const& run) {
  std::string words;
  auto const append = [&words](std::string_view token) { words += (words.empty() ? "" : " <-> ") + lexeme(token); };
  if (!run.ideographs) {
    for (std::string const& word : run.parts) append(word);
    return words + (run.ends_in_letter ? ":*" : "");
  }
  if (run.parts.size() == 1) return lexeme(run.parts.front()) + ":*";
  for (std::size_t place = 0; place + 1 < run.parts.size(); ++place) append(run.parts[place] + run.parts[place + 1]);
  return words;
}

}  // namespace

std::string search_tokens(std::string_view text) {
  std::string tokens;
  for (Run const& run : Runs(text).finished) {
    if (!run.ideographs) {
      for (std::string const& word : run.parts) {
        append_token(tokens, word);
      }
      continue;
    }
    if (run.parts.size() > 1) {
      append_token(tokens, pairs(run));
    }
    append_token(tokens, run.parts.back());
  }
  return tokens;
}

std::string number_tokens(std::string_view number) {
  std::string tokens = search_tokens(number);
  auto const serial = number.substr(number.find_last_not_of("0123456789") + 1);
  for (std::size_t from = 1; from + 3 <= serial.size(); ++from) {
    append_token(tokens, serial.substr(from));
  }
  auto const significant = serial.substr(std::min(serial.find_first_not_of('0'), serial.size()));
  if (!significant.empty() && significant.size() < 3) {
    append_token(tokens, significant);
  }
  return tokens;
}

std::string search_vector(std::string_view tokens) {
  std::string vector;
  std::size_t place = 0;
  for (std::size_t at = 0; at < tokens.size() && place < place_limit;) {
    auto const end = std::min(tokens.find(' ', at), tokens.size());
    if (end > at) {
      append_token(vector, lexeme(tokens.substr(at, end - at)) + ':' + std::to_string(++place));
    }
    at = end + 1;
  }
  return vector;
}

std::string vector_query(std::string_view text) {
  std::string query;
  std::size_t runs = 0;
  for (Run const& run : Runs(text).finished) {
    if (++runs > query_runs) {
      break;
    }
    if (!query.empty()) query += " & ";
    query += vector_phrase(run);
  }
  return query;
}

std::string search_query(std::string_view text) {
  std::string query;
  std::size_t runs = 0;
  for (Run const& run : Runs(text).finished) {
    if (++runs > query_runs) {
      break;
    }
    append_token(query, phrase(run));
  }
  return query;
}

}  // namespace bihuan::sql
