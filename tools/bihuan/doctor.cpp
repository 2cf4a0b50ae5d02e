// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/doctor.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ostream>

#include "api/http/tls.hpp"
#include "engine/core/json.hpp"
#include "engine/core/message.hpp"
#include "engine/service/library.hpp"
#include "engine/store/postgres/examine.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "engine/store/store_fault.hpp"
#include "tools/bihuan/config.hpp"
#include "tools/bihuan/last_backup.hpp"
#include "tools/bihuan/open_store.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

enum class Health { well, worrying, ill };

struct Finding {
  std::string about;
  Health health = Health::well;
  Text text;
};

std::string_view name_of(Health health) {
  switch (health) {
    case Health::well: return "ok";
    case Health::worrying: return "warning";
    case Health::ill: return "fault";
  }
  return "";
}

class Examination {
 public:
  Examination(ServeOptions const& options, Instant now) : options_(options), now_(now) {}

  std::vector<Finding> findings() {
    look_at_configuration();
    look_at_definitions();
    look_at_store();
    look_at_key();
    look_at_disk();
    look_at_certificate();
    look_at_backups();
    if (::geteuid() == 0) add("user", Health::worrying, message("doctor.root"));
    return std::move(findings_);
  }

 private:
  void add(std::string about, Health health, Text text) {
    findings_.push_back({.about = std::move(about), .health = health, .text = std::move(text)});
  }
  void well(std::string about) { add(std::move(about), Health::well, message("doctor.well")); }

  void look_at_configuration() {
    auto const faults = faults_of(options_);
    for (auto const& fault : faults) add("configuration", Health::ill, fault);
    if (faults.empty()) well("configuration");
  }

  void look_at_definitions() {
    auto library = Library::load(options_.workflows);
    if (!library) {
      for (auto const& fault : library.error())
        add("definitions", Health::ill, {fault.pointer + ": " + fault.text.zh, fault.pointer + ": " + fault.text.en});
      return;
    }
    well("definitions");
    look_at_calendars(*library);
  }

  // The next year's announcement comes in November; until it is loaded deadlines that reach into it are provisional.
  void look_at_calendars(Library const& library) {
    std::chrono::year_month_day const today(std::chrono::floor<std::chrono::days>(now_));
    auto const needed = static_cast<int>(today.year()) + (today.month() == std::chrono::December ? 1 : 0);
    for (auto const* calendar : library.calendars()) {
      if (calendar->announced_until() >= needed) continue;
      add("calendars", Health::worrying,
          message("doctor.calendar", {{"until", std::to_string(calendar->announced_until())}}));
      return;
    }
    well("calendars");
  }

  void look_at_store() {
    if (!options_.store.empty()) return look_at_database();
    std::error_code ignored;
    if (!fs::exists(options_.data / "bihuan.db", ignored))
      return add("data", Health::well, message("doctor.no_data", {{"path", options_.data.string()}}));
    try {
      auto const examined = examine_sqlite_store(options_.data);
      if (examined) return well("data");
      for (auto const& fault : examined.error()) add("data", Health::ill, fault.text);
    } catch (StoreFault const& fault) {
      add("data", Health::ill, message("doctor.damaged", {{"reason", fault.what()}}));
    }
  }

  void look_at_database() {
    auto const options = postgres_options(options_.data, KeyUse::needed, options_.replica);
    try {
      judge(examine_postgres_store(options_.store, options), static_cast<std::int64_t>(connections_of_node(options)));
    } catch (StoreFault const& fault) {
      return add("data", Health::ill, message("doctor.database_away", {{"reason", fault.what()}}));
    }
    if (options_.replica.empty()) return;
    try {
      examine_replica(options_.replica);
      well("replica");
    } catch (StoreFault const& fault) {
      add("replica", Health::worrying, message("doctor.replica_away", {{"reason", fault.what()}}));
    }
  }

  void judge(PostgresExamination const& found, std::int64_t needed) {
    for (auto const& refusal : found.refusals) add("data", Health::ill, refusal.text);
    if (!found.has_tables) add("data", Health::well, message("doctor.database_empty"));
    if (found.older) add("data", Health::worrying, message("doctor.database_older"));
    if (found.has_tables && !found.older && found.refusals.empty()) well("data");
    for (auto const& name : found.unsafe)
      add("database", Health::ill, message("doctor.database_unsafe", {{"name", name}}));
    if (!found.vacuums) add("database", Health::worrying, message("doctor.database_vacuum"));
    if (found.connections < needed)
      add("database", Health::ill,
          message("doctor.database_connections",
                  {{"allowed", std::to_string(found.connections)}, {"needed", std::to_string(needed)}}));
    if (found.unsafe.empty() && found.vacuums && found.connections >= needed) well("database");
  }

  void look_at_key() {
    constexpr auto others = fs::perms::group_all | fs::perms::others_all;
    auto const key = options_.data / data_key_file;
    std::error_code missing;
    auto const allowed = fs::status(key, missing).permissions();
    if (missing || !fs::exists(key, missing)) return;
    if ((allowed & others) != fs::perms::none)
      return add("key", Health::ill, message("doctor.key_open", {{"path", key.string()}}));
    well("key");
  }

  void look_at_disk() {
    std::error_code missing;
    auto const room = fs::space(fs::exists(options_.data, missing) ? options_.data : fs::path("."), missing);
    if (missing) return;
    auto const megabytes = room.available >> 20U;
    auto const health = megabytes < 200 ? Health::ill : megabytes < 2000 ? Health::worrying : Health::well;
    if (health == Health::well) return well("disk");
    add("disk", health, message("doctor.disk", {{"megabytes", std::to_string(megabytes)}}));
  }

  void look_at_certificate() {
    if (options_.tls_certificate.empty()) {
      bool const proxied = !options_.trusted_proxies.empty();
      return proxied ? well("certificate") : add("certificate", Health::worrying, message("doctor.no_tls"));
    }
    auto const tls = http::load_tls({.certificate = options_.tls_certificate, .key = options_.tls_key});
    if (!tls) return;  // told as a fault of the configuration
    auto const left = std::chrono::floor<std::chrono::days>(http::expiry_of(*tls) - now_);
    if (left > 30 * 24h) return well("certificate");
    add("certificate", left < 0h ? Health::ill : Health::worrying,
        message("doctor.certificate", {{"days", std::to_string(left.count())}}));
  }

  void look_at_backups() {
    if (options_.backups.empty()) return add("backups", Health::worrying, message("doctor.no_backups"));
    auto const made = last_backup(options_.backups);
    if (!made) return add("backups", Health::ill, message("doctor.no_backup", {{"path", options_.backups.string()}}));
    auto const age = std::chrono::floor<std::chrono::hours>(now_ - *made);
    if (age < 26h) return well("backups");
    add("backups", Health::worrying, message("doctor.old_backup", {{"hours", std::to_string(age.count())}}));
  }

  ServeOptions const& options_;
  Instant now_;
  std::vector<Finding> findings_;
};

void print(std::ostream& out, std::vector<Finding> const& findings) {
  for (auto const& finding : findings) {
    out << name_of(finding.health) << "\t" << finding.about << "\t";
    say(out, finding.text);
  }
}

void print_json(std::ostream& out, std::vector<Finding> const& findings) {
  Json list = Json::array();
  for (auto const& finding : findings)
    list.push_back({{"about", finding.about},
                    {"health", name_of(finding.health)},
                    {"text", {{"zh", finding.text.zh}, {"en", finding.text.en}}}});
  out << canonical(Json{{"findings", std::move(list)}}) << "\n";
}

}  // namespace

int run_doctor(ServeOptions const& options, bool json, std::ostream& out) {
  auto const now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  auto const findings = Examination(options, now).findings();
  if (json) {
    print_json(out, findings);
  } else {
    print(out, findings);
  }
  return std::ranges::any_of(findings, [](Finding const& one) { return one.health == Health::ill; }) ? said_no : done;
}

}  // namespace bihuan
