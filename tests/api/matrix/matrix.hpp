// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/core/decide.hpp"
#include "tests/api/district.hpp"
#include "tests/api/matrix/recipes.hpp"

namespace bihuan::test {

// Everything that a definition lets people do, and everything it does not, tried over HTTP: what is allowed
// succeeds, all else is refused and changes nothing. Each attempt is made on a copy of a case that a story
// showed. What one attempt says about others is said where it is made.
class Matrix {
 public:
  // `situations`: of this definition. Everything given must outlive it.
  Matrix(District& district, Definition const& definition, std::vector<Situation> const& situations);

  void walk();

  [[nodiscard]] std::size_t succeeded() const { return succeeded_; }
  [[nodiscard]] std::size_t refused() const { return refused_; }
  // Steps tried in a state where their own condition is not met.
  [[nodiscard]] std::size_t unoffered() const { return unoffered_; }

 private:
  // Which of the roles that a unit may use are tried: each, or one, another one each time.
  enum class Tried { each, one };

  void opening(RightsRow const& row);
  void cell(std::string const& state, RightsRow const& row, Tried tried);
  void attempt(Situation const& situation, Recipe const& recipe, RightsRow const& row, Tried tried);
  void unoffered(std::string const& state, RightsRow const& row);
  void allowed(Situation const& situation, Recipe const& recipe, RightsRow const& row, std::string const& unit,
               std::vector<std::string> roles, Tried tried);
  void denied(Situation const& situation, Case const& subject, Recipe const& recipe, std::string const& unit,
              std::vector<std::string> const& roles);
  void confirmation(Situation const& situation, Recipe const& recipe, RightsRow const& row, Actor const& asker);
  void nobody(Situation const& situation, Case const& subject, std::string const& action,
              std::vector<Grant> const& elsewhere, std::set<std::string> const& codes);
  void unreachable(std::string const& state, RightsState const& here, RightsState const& any);

  [[nodiscard]] std::optional<Actor> ready(Situation const& situation, Recipe const& recipe,
                                           RightsRow const& row) const;
  [[nodiscard]] bool lets(RightsRow const& row, Recipe const& recipe, Case const& subject, std::string const& unit,
                          std::string const& role) const;
  [[nodiscard]] bool sees(Case const& subject, std::string const& unit, std::vector<std::string> const& roles) const;
  [[nodiscard]] Result<Decision> decided(Situation const& situation, Recipe const& recipe, Actor const& actor) const;
  [[nodiscard]] std::vector<std::string> units_around(Case const& subject) const;

  std::vector<std::string> tellable(std::vector<std::string> units, Case const& subject, RightsRow const& row);
  std::vector<Case> copies(Situation const& situation, std::size_t count);
  std::string person(std::string const& unit, std::vector<std::string> const& roles);
  std::string upload(std::string const& by, std::string const& type);
  Json documents(std::map<std::string, std::size_t> const& wanted, std::string const& by);
  Answer ask(Situation const& situation, Case const& subject, Recipe const& recipe, std::string const& by);
  [[nodiscard]] std::int64_t revision(Case const& subject);

  District& district_;
  Library const& library_;
  Definition const& definition_;
  std::vector<Situation> const& situations_;
  Client client_;
  std::vector<std::string> roles_;  // that the definition knows, and some that it need not
  std::map<std::string, std::string> people_;
  std::map<std::string, std::string> uploaded_;
  std::size_t turn_ = 0;
  std::size_t succeeded_ = 0;
  std::size_t refused_ = 0;
  std::size_t unoffered_ = 0;
};

}  // namespace bihuan::test
