// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/visible.hpp"

#include <algorithm>

namespace bihuan::sql {

Composed& Composed::add(std::string_view part, Value value) {
  values.push_back(std::move(value));
  return add(part);
}

Composed& Composed::add(Composed const& other) {
  text += other.text;
  values.insert(values.end(), other.values.begin(), other.values.end());
  return *this;
}

ComposedQuery::ComposedQuery(Connection& connection, char const* name, Composed const& query)
    : statement_(connection.cached(name, query.text)) {
  int place = 0;
  for (Value const& value : query.values) {
    statement_.bind_copy(++place, value);
  }
}

Composed any_of(std::vector<std::string> const& texts) {
  Composed list{.text = "(", .values = {}};
  for (std::string const& text : texts) {
    list.add(list.values.empty() ? "?" : ", ?", text);
  }
  return list.add(")");
}

bool may_read_workflow(Visibility const& visibility, std::string_view workflow) {
  return visibility.everything ||
         std::find(visibility.workflows.begin(), visibility.workflows.end(), workflow) != visibility.workflows.end();
}

Composed visible(Visibility const& visibility, Looked looked) {
  Composed condition;
  if (visibility.everything) {
    return condition;
  }
  condition.add(" AND (");
  if (!visibility.workflows.empty()) {
    condition.add("c.workflow IN ").add(any_of(visibility.workflows)).add(" OR ");
  }
  condition.add("EXISTS (SELECT 1 FROM party v WHERE v.case_id = c.id AND v.unit = ?", visibility.unit);
  // An offset keeps PostgreSQL from making anything else of it.
  return condition.add(looked == Looked::at_few ? " LIMIT 1 OFFSET 0))" : "))");
}

}  // namespace bihuan::sql
