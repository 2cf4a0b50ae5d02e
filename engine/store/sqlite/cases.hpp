// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/store/sqlite/readers.hpp"
#include "engine/store/sqlite/writer.hpp"
#include "engine/store/store.hpp"

namespace bihuan::sqlite {

// cases_write.cpp, cases_read.cpp, cases_list.cpp, cases_summary.cpp and cases_verify.cpp.
class Cases final : public CaseStore {
 public:
  Cases(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}

  Result<Appended> append(Append append) override;
  std::optional<Remembered> remembered(std::string const& person, std::string const& key) override;
  std::optional<Case> find(std::string const& id, Visibility const& visibility) override;
  std::vector<Event> history(std::string const& id) override;
  Result<Page<Case>> list(CaseQuery const& query, Visibility const& visibility, Instant now) override;
  Result<Page<Case>> worklist(std::string const& unit, std::string const& person, std::size_t limit,
                              std::string const& cursor) override;
  std::vector<SummaryRow> summary(SummaryBy by, std::optional<std::string> const& workflow,
                                  Visibility const& visibility, Instant now) override;
  std::vector<std::string> due_for_wakeup(Instant now, std::size_t limit) override;
  std::optional<Instant> next_wakeup() override;
  std::int64_t count_of_version(std::string const& workflow, std::string const& version) override;
  void for_each(std::function<void(Case const& stored, std::vector<Event> const& events)> const& each) override;
  std::vector<VerifyFault> verify_rows() override;

 private:
  Writer& writer_;
  Readers& readers_;
};

// The case of a stored row.
[[nodiscard]] Case case_from_row(std::string_view number, std::string_view body);
[[nodiscard]] std::optional<Remembered> remembered_by(Connection& connection, std::string const& person,
                                                      std::string const& key);

}  // namespace bihuan::sqlite
