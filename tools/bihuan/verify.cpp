// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/verify.hpp"

#include <optional>
#include <ostream>

#include "engine/core/message.hpp"
#include "engine/service/library.hpp"
#include "engine/service/package_verify.hpp"
#include "engine/store/audit_chain.hpp"
#include "engine/store/seal_verify.hpp"
#include "engine/store/sqlite/backup.hpp"
#include "engine/store/verify.hpp"
#include "tools/bihuan/data_directory.hpp"
#include "tools/bihuan/open_store.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
namespace {

struct Findings {
  Verified cases;
  AuditVerified audit;
  SealsVerified seals;

  [[nodiscard]] std::size_t faults() const { return cases.faults.size() + audit.faults.size() + seals.faults.size(); }
};

Json to_json(SealFault const& fault) {
  Json shown{{"what", fault.what}};
  if (fault.seal != 0) shown["seal"] = fault.seal;
  if (fault.sequence != 0) shown["event"] = fault.sequence;
  if (!fault.case_id.empty()) shown["case"] = fault.case_id;
  if (fault.revision != 0) shown["revision"] = fault.revision;
  return shown;
}

void print_json(std::ostream& out, Findings const& found) {
  Json faults = Json::array();
  for (auto const& fault : found.cases.faults)
    faults.push_back({{"case", fault.case_id}, {"revision", fault.revision}, {"what", fault.what}});
  for (auto const& fault : found.audit.faults) faults.push_back({{"audit_row", fault.sequence}, {"what", fault.what}});
  for (auto const& fault : found.seals.faults) faults.push_back(to_json(fault));
  out << canonical({{"ok", faults.empty()},
                    {"cases", found.cases.cases},
                    {"events", found.cases.events},
                    {"audit_rows", found.audit.rows},
                    {"seals", found.seals.seals},
                    {"sealed_events", found.seals.sealed},
                    {"unsealed_events", found.seals.unsealed},
                    {"faults", faults}})
      << "\n";
}

void print(std::ostream& err, SealFault const& fault) {
  err << "log";
  if (fault.seal != 0) err << " seal " << fault.seal;
  if (fault.sequence != 0) err << " event " << fault.sequence;
  if (!fault.case_id.empty()) err << " case " << fault.case_id << " revision " << fault.revision;
  err << ": " << fault.what << "\n";
}

void print(std::ostream& out, std::ostream& err, Findings const& found) {
  out << found.cases.cases << " cases, " << found.cases.events << " events, " << found.audit.rows
      << " rows of the audit, " << found.seals.seals << " seals over " << found.seals.sealed << " events ("
      << found.seals.unsealed << " after the last), " << found.faults() << " faults\n";
  for (auto const& fault : found.cases.faults)
    err << fault.case_id << " revision " << fault.revision << ": " << fault.what << "\n";
  for (auto const& fault : found.audit.faults) err << "audit row " << fault.sequence << ": " << fault.what << "\n";
  for (auto const& fault : found.seals.faults) print(err, fault);
}

int judge(VerifyOptions const& options, std::vector<TreeHead> const& kept, std::ostream& out, std::ostream& err) {
  // Without a key, the directory is not asked.
  auto const store = open_store(options.data.empty() ? "." : options.data, options.store, KeyUse::spared);
  if (!store) {
    print_refusals(err, store.error());
    return said_no;
  }
  Findings found{
      .cases = verify((*store)->cases()), .audit = verify((*store)->audit()), .seals = verify((*store)->seals(), kept)};
  auto& faults = found.cases.faults;
  for (auto& fault : verify_documents(**store, options.documents ? Bytes::read : Bytes::counted))
    faults.push_back(std::move(fault));
  if (options.store.empty()) {
    for (auto& what : structure_faults(options.data)) faults.push_back({{}, 0, std::move(what)});
  }
  if (options.json)
    print_json(out, found);
  else
    print(out, err, found);
  return found.faults() == 0 ? done : said_no;
}

int judge_package(VerifyOptions const& options, std::vector<TreeHead> const& kept, std::ostream& out,
                  std::ostream& err) {
  auto const found = verify_package(options.package, kept);
  if (options.json) {
    out << canonical({{"ok", found.faults.empty()},
                      {"number", found.number},
                      {"case", found.case_id},
                      {"complete", found.complete},
                      {"events", found.events},
                      {"documents", found.documents},
                      {"seal", found.head.number},
                      {"key", found.head.key},
                      {"faults", found.faults}})
        << "\n";
  } else {
    out << found.number << ": " << found.events << " events" << (found.complete ? "" : " (not all, or masked)") << ", "
        << found.documents << " documents, " << found.faults.size() << " faults\n"
        << "under seal " << found.head.number << " by the key " << found.head.key << "\n";
    for (auto const& fault : found.faults) err << fault << "\n";
  }
  return found.faults.empty() ? done : said_no;
}

// Nothing when the file holds no head; `err` hears why.
std::optional<std::vector<TreeHead>> heads_of(std::filesystem::path const& file, std::ostream& err) {
  if (file.empty()) return std::vector<TreeHead>();
  auto const json = read_json_file(file);
  auto head = json ? head_from_json(*json) : Result<TreeHead>(refused(json.error()));
  if (head) return std::vector{std::move(*head)};
  print_faults(err, file, head.error());
  return std::nullopt;
}

}  // namespace

int run_verify(VerifyOptions const& options, std::ostream& out, std::ostream& err) {
  if (options.package.empty() && options.store.empty() && !holds_data(options.data, err)) return said_no;
  return say_faults(err, [&] {
    auto const kept = heads_of(options.against, err);
    if (!kept) return said_no;
    return options.package.empty() ? judge(options, *kept, out, err) : judge_package(options, *kept, out, err);
  });
}

}  // namespace bihuan
