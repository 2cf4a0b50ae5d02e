// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/verify.hpp"

#include <ostream>

#include "engine/core/message.hpp"
#include "engine/store/audit_chain.hpp"
#include "engine/store/sqlite/backup.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "engine/store/verify.hpp"
#include "tools/bihuan/data_directory.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
namespace {

void print_json(std::ostream& out, Verified const& cases, AuditVerified const& audit) {
  Json faults = Json::array();
  for (auto const& fault : cases.faults)
    faults.push_back({{"case", fault.case_id}, {"revision", fault.revision}, {"what", fault.what}});
  for (auto const& fault : audit.faults) faults.push_back({{"audit_row", fault.sequence}, {"what", fault.what}});
  out << canonical({{"ok", faults.empty()},
                    {"cases", cases.cases},
                    {"events", cases.events},
                    {"audit_rows", audit.rows},
                    {"faults", faults}})
      << "\n";
}

void print_faults(std::ostream& err, Verified const& cases, AuditVerified const& audit) {
  for (auto const& fault : cases.faults)
    err << fault.case_id << " revision " << fault.revision << ": " << fault.what << "\n";
  for (auto const& fault : audit.faults) err << "audit row " << fault.sequence << ": " << fault.what << "\n";
}

int judge(VerifyOptions const& options, std::ostream& out, std::ostream& err) {
  auto const store = open_sqlite_store(options.data, {.key = SqliteOptions::Key::spared});
  if (!store) {
    print_refusals(err, store.error());
    return said_no;
  }
  auto cases = verify((*store)->cases());
  for (auto& fault : verify_documents(**store, options.documents ? Bytes::read : Bytes::counted))
    cases.faults.push_back(std::move(fault));
  for (auto& what : structure_faults(options.data)) cases.faults.push_back({{}, 0, std::move(what)});
  auto const audit = verify((*store)->audit());
  auto const faults = cases.faults.size() + audit.faults.size();
  if (options.json) {
    print_json(out, cases, audit);
  } else {
    out << cases.cases << " cases, " << cases.events << " events, " << audit.rows << " rows of the audit, " << faults
        << " faults\n";
    print_faults(err, cases, audit);
  }
  return faults == 0 ? done : said_no;
}

}  // namespace

int run_verify(VerifyOptions const& options, std::ostream& out, std::ostream& err) {
  if (!holds_data(options.data, err)) return said_no;
  return say_faults(err, [&] { return judge(options, out, err); });
}

}  // namespace bihuan
