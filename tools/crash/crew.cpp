// SPDX-License-Identifier: Apache-2.0
#include "tools/crash/crew.hpp"

#include <sstream>

#include "engine/store/sqlite/sqlite_store.hpp"
#include "tools/bihuan/scratch.hpp"
#include "tools/bihuan/verify.hpp"

namespace bihuan::crash {

Crew::Crew(Issues const& issues, std::uint64_t seed) {
  for (std::size_t number = 0; number < clients; ++number) {
    std::vector<std::string> own;
    for (std::size_t i = 0; i < issues_each; ++i) own.push_back(issues.ids.at(number * issues_each + i));
    clients_.push_back(std::make_unique<KillClient>(number, seed, own, issues.revision, tally_));
  }
}

Crew::~Crew() {
  over_ = true;
}

void Crew::start(std::uint16_t port) {
  over_ = false;
  for (auto const& client : clients_) threads_.emplace_back([&client, this, port] { client->work(port, over_); });
}

void Crew::start(std::span<std::atomic<std::uint16_t> const> ports) {
  over_ = false;
  for (auto const& client : clients_) threads_.emplace_back([&client, this, ports] { client->go_round(ports, over_); });
}

std::vector<std::string> Crew::faults() const {
  std::vector<std::string> all;
  for (auto const& client : clients_) all.insert(all.end(), client->faults().begin(), client->faults().end());
  return all;
}

std::size_t Crew::uploads() const {
  std::size_t count = 0;
  for (auto const& client : clients_) count += client->uploaded().size();
  return count;
}

std::size_t Crew::asked_again() const {
  std::size_t count = 0;
  for (auto const& client : clients_) count += client->asked_again();
  return count;
}

Found Crew::check(std::filesystem::path const& data) const {
  ScratchDirectory const scratch;
  auto const copy = scratch.path() / "copy";
  std::filesystem::copy(data, copy, std::filesystem::copy_options::recursive);
  std::ostringstream said;
  std::ostringstream wrong;
  bool const verified = run_verify({.data = copy}, said, wrong) == 0;
  Found found;
  if (auto const store = open_sqlite_store(copy, {.durable = false}))
    found = check(**store);
  else
    found.faults.push_back("does not open: " + store.error().front().text.en);
  if (!verified) found.faults.push_back("bihuan verify: " + said.str() + wrong.str());
  return found;
}

Found Crew::check(Store& store) const {
  std::vector<Asked> asked;
  std::vector<Uploaded> uploaded;
  for (auto const& client : clients_) {
    asked.insert(asked.end(), client->asked().begin(), client->asked().end());
    uploaded.insert(uploaded.end(), client->uploaded().begin(), client->uploaded().end());
  }
  auto found = check_store(store, asked, uploaded);
  found.faults.insert(found.faults.end(), found.gone.begin(), found.gone.end());
  return found;
}

}  // namespace bihuan::crash
