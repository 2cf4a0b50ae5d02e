// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/store/attachments.hpp"
#include "engine/store/audit.hpp"
#include "engine/store/cases.hpp"
#include "engine/store/people.hpp"

namespace bihuan {

// What Bihuan needs kept. Two stores implement it (sqlite/, postgres/) and one suite holds both to it.
// Every method may be called from any thread. A fault of the disk, the database or the network throws
// StoreFault; what the caller can act on is a Result. Nothing is confirmed before it is durable.

struct StoredDefinition {
  std::string id;
  std::string version;
  std::string hash;
  std::string text;  // as written
};

class DefinitionStore {
 public:
  virtual ~DefinitionStore() = default;
  [[nodiscard]] virtual std::vector<StoredDefinition> all() = 0;
  // Replaces the same id and version; the service has made sure that no case uses it.
  virtual void put(StoredDefinition const& definition) = 0;
};

class SealStore;     // seals.hpp
class FeedStore;     // feeds.hpp
class WebhookStore;  // webhooks.hpp

class Store {
 public:
  virtual ~Store() = default;
  [[nodiscard]] virtual CaseStore& cases() = 0;
  [[nodiscard]] virtual DefinitionStore& definitions() = 0;
  [[nodiscard]] virtual PeopleStore& people() = 0;
  [[nodiscard]] virtual UnitStore& units() = 0;
  [[nodiscard]] virtual SubstitutionStore& substitutions() = 0;
  [[nodiscard]] virtual AttachmentStore& attachments() = 0;
  [[nodiscard]] virtual AuditStore& audit() = 0;
  [[nodiscard]] virtual SealStore& seals() = 0;
  [[nodiscard]] virtual FeedStore& feeds() = 0;
  [[nodiscard]] virtual WebhookStore& webhooks() = 0;
  // Throws StoreFault when the store cannot be written or read now; for /readyz.
  virtual void check() = 0;
};

}  // namespace bihuan
