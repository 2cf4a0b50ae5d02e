// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace bihuan::sql {

// Chinese is written without spaces, so a search for a word of two characters needs an index of character
// pairs: each run of ideographs becomes its overlapping pairs and its last character alone; other letters and
// digits become lower-case words.

// What to index for this text: tokens between spaces.
[[nodiscard]] std::string search_tokens(std::string_view text);
// What to index for a case number: its parts, and its serial number's last digits from three on.
[[nodiscard]] std::string number_tokens(std::string_view number);

// The same tokens as a tsvector of PostgreSQL, with their places.
[[nodiscard]] std::string search_vector(std::string_view tokens);

// The FTS5 query that finds texts which hold everything typed; made of quoted tokens, so that nothing typed
// is syntax. Empty when the text holds nothing to search for.
[[nodiscard]] std::string search_query(std::string_view text);
// The same as a tsquery of PostgreSQL.
[[nodiscard]] std::string vector_query(std::string_view text);

}  // namespace bihuan::sql
