// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/core/definition.hpp"
#include "engine/core/json.hpp"
#include "engine/core/organisation.hpp"
#include "engine/core/result.hpp"

namespace bihuan {

// What a column of another system's ledger becomes here.
struct MappedColumn {
  enum class Kind { ignored, key, state, opened, closed, due, field, party };
  Kind kind = Kind::ignored;
  std::string name{};                           // of the field, the party or the deadline
  std::map<std::string, std::string> values{};  // its words -> ours; what is not among them is taken as it is
};

// How the ledger of another system is read: as cases that stand where they stood there. As data:
// {"source": "old-platform", "workflow": "public-complaint", "state": "closed",
//  "columns": {"工单号": {"key": true}, "状态": {"state": true, "values": {"已办结": "closed"}}, "登记日期": {"opened":
//  true},
//              "办结日期": {"closed": true}, "内容": {"field": "problem"}, "办理期限": {"due": "handling"},
//              "承办单位": {"party": "lead", "values": {…}}, "备注": {}},
//  "fields": {"channel": "hotline"}}
struct ImportMapping {
  std::string source;  // names the other system: the same key of it never opens a second case
  std::string workflow;
  std::string state{};                            // where no column says it
  std::map<std::string, MappedColumn> columns{};  // by title
  Json fields = Json::object();                   // the same for all rows
};

[[nodiscard]] Result<ImportMapping> parse_import_mapping(OrderedJson const& document);
// What it names must be there.
[[nodiscard]] Refusals check_import_mapping(ImportMapping const& mapping, Definition const* definition);

}  // namespace bihuan
