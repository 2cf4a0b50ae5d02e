// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/insight.hpp"

#include <ostream>

#include "engine/core/message.hpp"
#include "engine/format/insight_form.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "tools/bihuan/accounts_data.hpp"
#include "tools/bihuan/choice.hpp"
#include "tools/bihuan/data_directory.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
namespace {

// Of a date, its first second, or its last.
std::optional<Instant> instant_of(std::string const& text, bool end, std::string const& option, Refusals& faults) {
  if (text.empty()) return std::nullopt;
  if (auto const date = parse_date(text)) return end ? Zone().end_of(*date) : Zone().start_of(*date);
  auto const instant = parse_instant(text, option);
  if (!instant) append(faults, instant.error());
  return instant ? std::optional(*instant) : std::nullopt;
}

int look(InsightOptions const& options, std::ostream& out, std::ostream& err) {
  Refusals faults;
  check_language(options.language, faults);
  check_choice("--format", options.format, {"text", "json", "svg"}, faults);
  CaseQuery query{.workflow = options.workflow};
  query.opened_from = instant_of(options.from, false, "--from", faults);
  query.opened_to = instant_of(options.to, true, "--to", faults);
  auto library = faults.empty() ? Library::load(options.workflows) : refused(std::move(faults));
  if (!library) {
    print_refusals(err, library.error());
    return said_no;
  }
  auto const store = open_sqlite_store(options.data, {.key = SqliteOptions::Key::spared});
  auto const fit = store ? library->reconcile(**store) : refused(store.error());
  auto const* const definition = library->current(options.workflow);
  if (!fit || definition == nullptr) {
    print_refusals(err,
                   !fit ? fit.error() : Refusals{refusal(Code::unknown_workflow, {}, {{"name", options.workflow}})});
    return said_no;
  }
  CaseService cases(**store, *library, wall_clock_now);
  // No name and no field comes out of this, only how many and how long.
  auto const insight = look_into(cases, Actor::the_system(), query);
  auto const language = language_of(options.language);
  auto const& organisation = library->organisation();
  if (options.format == "json")
    out << insight_json(insight, *definition, organisation).dump(2) << "\n";
  else if (options.format == "svg")
    out << insight_svg(insight, *definition, language);
  else
    out << insight_text(insight, *definition, organisation, language);
  return done;
}

}  // namespace

int run_insight(InsightOptions const& options, std::ostream& out, std::ostream& err) {
  if (!holds_data(options.data, err)) return said_no;
  return say_faults(err, [&] { return look(options, out, err); });
}

}  // namespace bihuan
