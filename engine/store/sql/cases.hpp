// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <shared_mutex>

#include "engine/store/sql/cursor.hpp"
#include "engine/store/sql/readers.hpp"
#include "engine/store/sql/recent_rows.hpp"
#include "engine/store/sql/writer.hpp"
#include "engine/store/store.hpp"

namespace bihuan::sql {

// cases_write.cpp (what it writes is made in cases_prepare.cpp), cases_read.cpp, cases_list.cpp, cases_changes.cpp,
// cases_summary.cpp and cases_verify.cpp.
class Cases : public CaseStore {
 public:
  Cases(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}

  Result<Appended> append(Append append) override;
  Result<void> append_all(std::function<Appends()> const& begin) override;
  std::optional<Remembered> remembered(std::string const& person, std::string const& key) override;
  std::optional<std::string> imported(std::string const& source, std::string const& key) override;
  std::optional<Case> find(std::string const& id, Visibility const& visibility) override;
  std::vector<Event> history(std::string const& id) override;
  Result<Page<Case>> list(CaseQuery const& query, Visibility const& visibility, Instant now) override;
  Result<Page<Case>> worklist(std::string const& unit, std::string const& person, std::size_t limit,
                              std::string const& cursor) override;
  std::int64_t count_worklist(std::string const& unit, std::string const& person) override;
  std::vector<Flow> flow(std::vector<Instant> const& bounds, std::optional<std::string> const& workflow,
                         Visibility const& visibility) override;
  std::vector<SummaryRow> summary(SummaryBy by, std::optional<std::string> const& workflow,
                                  Visibility const& visibility, Instant now) override;
  std::vector<Reached> reached(std::string const& workflow, std::vector<std::string> const& states,
                               Visibility const& visibility) override;
  std::vector<std::string> due_for_wakeup(Instant now, std::size_t limit) override;
  std::optional<Instant> next_wakeup() override;
  std::int64_t count_of_version(std::string const& workflow, std::string const& version) override;
  std::vector<OpenInState> open_in_states(std::optional<std::string> const& workflow) override;
  CaseChanges changes_after(std::int64_t sequence, Visibility const& visibility) override;
  std::int64_t last_change() override;
  std::optional<std::int64_t> find_change(std::string const& case_id, std::int64_t revision,
                                          Visibility const& visibility) override;
  void when_appended(std::function<void()> told) override;
  void for_each(std::function<void(Case const& stored, std::vector<Event> const& events)> const& each) override;
  std::vector<VerifyFault> verify_rows() override;

  // To who was named by when_appended; from any thread.
  void tell();

 private:
  [[nodiscard]] Page<Case> read_list(CaseQuery const& query, Visibility const& visibility, Instant now,
                                     std::optional<Position> const& position, std::string const& name);

  Writer& writer_;
  Readers& readers_;
  RecentRows recent_;
  std::shared_mutex telling_;
  std::function<void()> told_;
};

// The case of a stored row.
[[nodiscard]] Case case_from_row(std::string_view number, std::string_view body);
[[nodiscard]] std::optional<Remembered> remembered_by(Connection& connection, std::string const& person,
                                                      std::string const& key);

// A document with these bytes in a case that may be seen.
[[nodiscard]] std::optional<Attachment> find_document(Connection& connection, std::string const& sha256,
                                                      Visibility const& visibility);

}  // namespace bihuan::sql
