// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/verify.hpp"

#include <ostream>

#include "engine/core/message.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "engine/store/store_fault.hpp"
#include "engine/store/verify.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
namespace {

void print_json(std::ostream& out, Verified const& verified) {
  Json faults = Json::array();
  for (auto const& fault : verified.faults)
    faults.push_back({{"case", fault.case_id}, {"revision", fault.revision}, {"what", fault.what}});
  out << canonical({{"ok", verified.faults.empty()}, {"cases", verified.cases}, {"events", verified.events}, {"faults", faults}})
      << "\n";
}

int judge(VerifyOptions const& options, std::ostream& out, std::ostream& err) {
  auto const store = open_sqlite_store(options.data);
  if (!store) {
    print_refusals(err, store.error());
    return said_no;
  }
  auto const verified = verify((*store)->cases());
  if (options.json)
    print_json(out, verified);
  else
    out << verified.cases << " cases, " << verified.events << " events, " << verified.faults.size() << " faults\n";
  for (auto const& fault : verified.faults) {
    if (options.json) break;
    err << fault.case_id << " revision " << fault.revision << ": " << fault.what << "\n";
  }
  return verified.faults.empty() ? done : said_no;
}

}  // namespace

int run_verify(VerifyOptions const& options, std::ostream& out, std::ostream& err) {
  // Opening a store creates it, and an empty one verifies.
  if (!std::filesystem::exists(options.data / "bihuan.db")) {
    auto const text = message("verify.no_data", {{"path", options.data.string()}});
    err << text.zh << " " << text.en << "\n";
    return said_no;
  }
  try {
    return judge(options, out, err);
  } catch (StoreFault const& fault) {
    err << fault.what() << "\n";
    return said_no;
  }
}

}  // namespace bihuan
