// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "engine/service/case_service.hpp"
#include "engine/service/sealer.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "tools/bihuan/accounts_data.hpp"

namespace bihuan {

// An inspector's office that can be asked to work without a pause.
class Office {
 public:
  explicit Office(std::filesystem::path const& data)
      : library_(std::move(Library::load(std::filesystem::path(BIHUAN_SOURCE_DIR) / "workflows").value())),
        store_(std::move(open_sqlite_store(data, {.durable = false}).value())),
        service_(*store_, library_, wall_clock_now),
        sealer_(*store_, wall_clock_now) {
    REQUIRE(library_.reconcile(*store_).has_value());
  }

  // A case with a photo of its own, and a comment; its id.
  std::string work(std::string const& name) {
    OpenCaseRequest request;
    request.workflow = "inspection-issue";
    request.fields = Json(library_.current(request.workflow)->example.at("fields"));
    request.documents["site-photo"] = {
        store_->attachments().put("现场.jpg", "image/jpeg", inspector_.person, source_of("photo of " + name)).sha256};
    auto const opened = service_.open(request, inspector_);
    ActionRequest comment;
    comment.case_id = opened.value().subject.id;
    comment.action = "comment";
    comment.comment = "补充 " + name;
    (void)service_.act(comment, inspector_).value();
    return comment.case_id;
  }

  [[nodiscard]] Store& store() { return *store_; }
  [[nodiscard]] CaseStore& cases() { return store_->cases(); }
  [[nodiscard]] CaseService& service() { return service_; }
  [[nodiscard]] Sealer& sealer() { return sealer_; }
  [[nodiscard]] Actor const& inspector() const { return inspector_; }

 private:
  Library library_;
  std::unique_ptr<Store> store_;
  CaseService service_;
  Sealer sealer_;
  Actor const inspector_{"in", "yudong", {"inspector"}, false};
};

}  // namespace bihuan
