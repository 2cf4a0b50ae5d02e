// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// What is fed with bytes from outside. Each takes any bytes and stops the process when something does not hold that
// must hold whatever the bytes are.
namespace bihuan::fuzz {

// Texts of JSON: what is taken stays the same written and read again.
void json(std::string_view bytes);
// Workflow definitions: parsed, checked for soundness, drawn.
void definition(std::string_view bytes);
// Calendars, and the days that they say.
void calendar(std::string_view bytes);
// {"rule", "data"}: JSON Logic and what it reads.
void guard(std::string_view bytes);
// {"start", "period", "counting", "pauses", "fixed"}: a due instant by the shipped calendar.
void period(std::string_view bytes);
// {"open": {...}, "steps": [...]}: commands to a case of a shipped definition.
void command(std::string_view bytes);
// Events as a backup or a package may hold them, chained as if nothing were wrong.
void event(std::string_view bytes);
// The stored row of a case, whatever somebody made of it.
void row(std::string_view bytes);
// A form to print, and what it is filled with.
void form(std::string_view bytes);
// A request's target with its query.
void target(std::string_view bytes);
// A request's head and body, as the connection reads them.
void request(std::string_view bytes);
// What a proxy says of the client.
void forwarded(std::string_view bytes);
// Where a list goes on.
void cursor(std::string_view bytes);
// Cells of a ledger as CSV.
void csv(std::string_view bytes);
// A file that somebody sends as a ledger: CSV of any encoding, or an archive that may be a workbook.
void table(std::string_view bytes);
// A workbook's sheet, and after a NUL the texts that its cells share.
void sheet(std::string_view bytes);
// A case package: {file: its text}, packed, or an archive as it is.
void package(std::string_view bytes);
// A head of the log that was kept elsewhere.
void head(std::string_view bytes);
// How another system's ledger is read.
void mapping(std::string_view bytes);

struct Target {
  std::string_view name;
  void (*run)(std::string_view bytes);
};
inline constexpr Target targets[] = {
    {"json", json},
    {"definition", definition},
    {"calendar", calendar},
    {"guard", guard},
    {"period", period},
    {"command", command},
    {"event", event},
    {"form", form},
    {"target", target},
    {"request", request},
    {"forwarded", forwarded},
    {"cursor", cursor},
    {"csv", csv},
    {"table", table},
    {"sheet", sheet},
    {"package", package},
    {"head", head},
    {"mapping", mapping},
    {"row", row},
};

}  // namespace bihuan::fuzz
