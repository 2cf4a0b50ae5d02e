// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/unit.hpp"

#include <ostream>

#include "engine/core/json.hpp"
#include "tools/bihuan/accounts_data.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
namespace {

OrderedJson described(OrganisationUnit const& unit) {
  return {{"id", unit.id},
          {"title", {{"zh", unit.title.zh}, {"en", unit.title.en}}},
          {"kind", unit.kind},
          {"parent", unit.parent.empty() ? OrderedJson(nullptr) : OrderedJson(unit.parent)},
          {"dissolved", unit.dissolved},
          {"note", unit.note == Text{} ? OrderedJson() : OrderedJson{{"zh", unit.note.zh}, {"en", unit.note.en}}}};
}

void print_line(OrganisationUnit const& unit, std::ostream& out) {
  out << unit.id << "\t" << unit.title.zh << "\t" << unit.title.en << "\t" << unit.kind
      << (unit.dissolved ? "\tdissolved" : "");
  if (!(unit.note == Text{})) out << "\t" << unit.note.zh << "\t" << unit.note.en;
  out << "\n";
}

void print_below(Organisation const& organisation, std::string const& parent, std::size_t depth, std::ostream& out) {
  for (auto const& unit : organisation.units()) {
    if (unit.parent != parent) continue;
    out << std::string(2 * depth, ' ');
    print_line(unit, out);
    print_below(organisation, unit.id, depth + 1, out);
  }
}

void print_all(Organisation const& organisation, bool json, std::ostream& out) {
  if (!json) return print_below(organisation, "", 0, out);
  auto list = OrderedJson::array();
  for (auto const& unit : organisation.units()) list.push_back(described(unit));
  out << list.dump() << "\n";
}

AccountsPlace place_of(UnitOptions const& options, bool may_create = false) {
  return {.data = options.data, .store = options.store, .workflows = options.workflows, .may_create = may_create};
}

int keep(UnitOptions const& options, std::string const& what, bool may_create, std::ostream& out, std::ostream& err,
         std::function<Result<KeptUnit>(Units&)> const& work) {
  return with_accounts(place_of(options, may_create), err, [&](OpenAccounts const& open) -> Result<void> {
    if (auto recorded = record_at_machine(open.store, what, {{"unit", options.id}}); !recorded) return recorded;
    auto const kept = work(open.units);
    if (!kept) return refused(kept.error());
    if (options.json)
      out << described(kept->unit).dump() << "\n";
    else
      print_line(kept->unit, out);
    return {};
  });
}

int change(UnitOptions const& options, std::string const& what, std::ostream& out, std::ostream& err,
           std::function<void(OrganisationUnit const& before, Units::Change&)> const& describe) {
  return keep(options, what, false, out, err, [&](Units& units) {
    Units::Change change;
    if (auto const before = units.find(options.id)) describe(before->unit, change);
    return units.change(options.id, change, std::nullopt);
  });
}

}  // namespace

int run_unit_list(UnitOptions const& options, std::ostream& out, std::ostream& err) {
  if (!options.data.empty()) {
    return with_accounts(place_of(options), err, [&](OpenAccounts const& open) -> Result<void> {
      print_all(open.library.organisation(), options.json, out);
      return {};
    });
  }
  auto const library = Library::load(options.workflows);
  if (!library) {
    print_refusals(err, library.error());
    return said_no;
  }
  print_all(library->organisation(), options.json, out);
  return done;
}

int run_unit_add(UnitOptions const& options, std::ostream& out, std::ostream& err) {
  return keep(options, "unit_added", true, out, err, [&](Units& units) {
    return units.add({.id = options.id,
                      .title = {options.title_zh.value_or(""), options.title_en.value_or("")},
                      .kind = options.kind.value_or(""),
                      .parent = options.parent.value_or("")});
  });
}

int run_unit_change(UnitOptions const& options, std::ostream& out, std::ostream& err) {
  return change(options, "unit_changed", out, err, [&](OrganisationUnit const& before, Units::Change& change) {
    change.title = {options.title_zh.value_or(before.title.zh), options.title_en.value_or(before.title.en)};
    change.kind = options.kind;
    change.parent = options.parent;
  });
}

int run_unit_dissolve(UnitOptions const& options, std::ostream& out, std::ostream& err) {
  return change(options, "unit_dissolved", out, err,
                [](OrganisationUnit const&, Units::Change& change) { change.dissolved = true; });
}

int run_unit_restore(UnitOptions const& options, std::ostream& out, std::ostream& err) {
  return change(options, "unit_restored", out, err,
                [](OrganisationUnit const&, Units::Change& change) { change.dissolved = false; });
}

}  // namespace bihuan
