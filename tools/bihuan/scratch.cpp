// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/scratch.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include "engine/store/sqlite/sqlite_store.hpp"
#include "engine/store/store_fault.hpp"

namespace bihuan {
namespace {

namespace fs = std::filesystem;

class ScratchStore final : public Store {
 public:
  ScratchStore() {
    auto store = open_sqlite_store(directory_.path(), {.durable = false, .queue = 16, .batch = 1, .readers = 2});
    if (!store) throw StoreFault(store.error().front().text.en);
    store_ = std::move(*store);
  }

  [[nodiscard]] CaseStore& cases() override { return store_->cases(); }
  [[nodiscard]] DefinitionStore& definitions() override { return store_->definitions(); }
  [[nodiscard]] PeopleStore& people() override { return store_->people(); }
  [[nodiscard]] UnitStore& units() override { return store_->units(); }
  [[nodiscard]] SubstitutionStore& substitutions() override { return store_->substitutions(); }
  [[nodiscard]] AttachmentStore& attachments() override { return store_->attachments(); }
  [[nodiscard]] AuditStore& audit() override { return store_->audit(); }
  [[nodiscard]] SealStore& seals() override { return store_->seals(); }
  [[nodiscard]] FeedStore& feeds() override { return store_->feeds(); }
  [[nodiscard]] WebhookStore& webhooks() override { return store_->webhooks(); }
  void check() override { store_->check(); }

 private:
  ScratchDirectory directory_;  // goes last
  std::unique_ptr<Store> store_;
};

}  // namespace

ScratchDirectory::ScratchDirectory(fs::path const& below) {
  auto pattern = ((below.empty() ? fs::temp_directory_path() : below) / "bihuan-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr)
    throw fs::filesystem_error("mkdtemp", pattern, std::error_code(errno, std::generic_category()));
  path_ = pattern;
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::unique_ptr<Store> make_scratch_store() {
  return std::make_unique<ScratchStore>();
}

}  // namespace bihuan
