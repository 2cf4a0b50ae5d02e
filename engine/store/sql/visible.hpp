// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/core/access.hpp"
#include "engine/store/sql/connection.hpp"

namespace bihuan::sql {

// A query put together from parts, with the values of its placeholders in order.
struct Composed {
  std::string text;
  std::vector<Value> values;

  Composed& add(std::string_view part) {
    text += part;
    return *this;
  }
  // Not inline: g++ 12 at -O2 takes the variant it would move through for uninitialized.
  Composed& add(std::string_view part, Value value);
  Composed& add(Composed const& other);
};

// Runs it; the statement is bound with copies.
class ComposedQuery {
 public:
  ComposedQuery(Connection& connection, char const* name, Composed const& query);
  Statement* operator->() { return &statement_; }
  Statement& operator*() { return statement_; }

 private:
  Statement statement_;
};

// "(?, ?)" over these texts, which must not be none.
[[nodiscard]] Composed any_of(std::vector<std::string> const& texts);

// Whether every case of the workflow is visible, whoever is party to it.
[[nodiscard]] bool may_read_workflow(Visibility const& visibility, std::string_view workflow);

// The condition by which a case `c` is visible, of the form " AND ..."; empty where everything is. A few cases are each
// looked at by themselves; of all of them PostgreSQL had better gather first what the unit holds a part in.
enum class Looked { at_few, at_all };
[[nodiscard]] Composed visible(Visibility const& visibility, Looked looked = Looked::at_few);

}  // namespace bihuan::sql
