// SPDX-License-Identifier: Apache-2.0
#include "tools/crash/nodes.hpp"

#include <fmt/format.h>

#include <sstream>
#include <stdexcept>
#include <thread>

#include "engine/store/sqlite/sqlite_store.hpp"
#include "tools/bihuan/copy.hpp"

namespace bihuan::crash {
namespace {

constexpr char database_name[] = "bihuan";

std::string address_at(std::string const& hosts) {
  return fmt::format("postgresql:///{}?host={}&user=bihuan", database_name, hosts);
}

}  // namespace

Nodes::Nodes(std::filesystem::path const& program, std::filesystem::path const& model, Database database)
    : program_(program), primary_(std::make_unique<test::PostgresServer>(test::PostgresServer::Kept::durably)) {
  direct_ = primary_->database(database_name);
  std::ostringstream said;
  if (run_copy({.from = "sqlite:" + model.string(), .to = direct_}, said, said) != 0)
    throw std::runtime_error("not copied: " + said.str());
  if (database == Database::with_standby) {
    standby_ = std::make_unique<test::PostgresServer>(test::PostgresServer::StandbyOf{*primary_});
    direct_ = address_at(primary_->directory().string() + "," + standby_->directory().string()) +
              "&target_session_attrs=read-write";
  }
  for (std::size_t node = 0; node < count; ++node) {
    std::filesystem::create_directories(data(node));
    std::filesystem::copy_file(model / data_key_file, data(node) / data_key_file);
    stores_[node] = direct_;
    if (database == Database::alone) {
      auto const own = data(node).parent_path();
      proxies_[node] = std::make_unique<test::PostgresProxy>(primary_->directory(), own);
      stores_[node] = address_at(own.string());
    }
    start(node);
  }
}

std::filesystem::path Nodes::data(std::size_t node) const {
  return scratch_.path() / std::to_string(node) / "data";
}

std::filesystem::path Nodes::key() const {
  return data(0) / data_key_file;
}

void Nodes::start(std::size_t node) {
  programs_[node] = std::make_unique<Program>(program_, data(node), Bounds{}, stores_[node]);
  auto const port = programs_[node]->wait_until_ready();
  if (!port) throw std::runtime_error("a node does not start: " + programs_[node]->log());
  ports_[node] = *port;
}

void Nodes::kill(std::size_t node) {
  ports_[node] = 0;
  programs_[node]->kill();
}

void Nodes::cut_connections(std::size_t number) const {
  primary_->run(direct_,
                "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend' ORDER BY random() LIMIT " +
                    std::to_string(number) + ") AS chosen");
}

void Nodes::restart_database(std::chrono::milliseconds after) {
  primary_->kill();
  std::this_thread::sleep_for(after);
  primary_->start();
}

void Nodes::fail_over() {
  primary_->kill();
  standby_->promote();
}

std::string Nodes::ended() {
  std::string logs;
  for (std::size_t node = 0; node < count; ++node)
    if (ports_[node] != 0 && !programs_[node]->runs()) logs += programs_[node]->log();
  return logs;
}

}  // namespace bihuan::crash
