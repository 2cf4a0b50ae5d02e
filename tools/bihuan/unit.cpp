// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/unit.hpp"

#include <ostream>

#include "engine/core/json.hpp"
#include "engine/service/library.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
namespace {

void print_below(Organisation const& organisation, std::string const& parent, std::size_t depth, std::ostream& out) {
  for (auto const& unit : organisation.units()) {
    if (unit.parent != parent) continue;
    out << std::string(2 * depth, ' ') << unit.id << "\t" << unit.title.zh << "\t" << unit.title.en << "\t" << unit.kind
        << "\n";
    print_below(organisation, unit.id, depth + 1, out);
  }
}

void print_json(Organisation const& organisation, std::ostream& out) {
  auto list = OrderedJson::array();
  for (auto const& unit : organisation.units()) {
    list.push_back({{"id", unit.id},
                    {"title", {{"zh", unit.title.zh}, {"en", unit.title.en}}},
                    {"kind", unit.kind},
                    {"parent", unit.parent.empty() ? OrderedJson(nullptr) : OrderedJson(unit.parent)}});
  }
  out << list.dump() << "\n";
}

}  // namespace

int run_unit_list(UnitListOptions const& options, std::ostream& out, std::ostream& err) {
  auto const library = Library::load(options.workflows);
  if (!library) {
    print_refusals(err, library.error());
    return said_no;
  }
  if (options.json) {
    print_json(library->organisation(), out);
  } else {
    print_below(library->organisation(), "", 0, out);
  }
  return done;
}

}  // namespace bihuan
