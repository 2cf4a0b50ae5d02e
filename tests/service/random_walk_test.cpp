// SPDX-License-Identifier: Apache-2.0
// Strangers who know nothing but allowed_actions and input_schema walk every shipped definition at random;
// whatever they do, the stored rows are what the events say.
#include <random>
#include <set>

#include "tests/service/fixture.hpp"

using namespace bihuan;

namespace {

class Stranger {
 public:
  Stranger(Office& office, unsigned seed) : office_(office), random_(seed) {
    std::set<std::string> roles;
    for (auto const* const definition : office.library.current_definitions()) collect(*definition, roles);
    for (auto const& unit : office.library.organisation().units())
      actors_.push_back(person("everybody-" + unit.id, unit.id, {roles.begin(), roles.end()}));
  }

  // The ids of the cases there are, the linked ones included.
  std::set<std::string> walk(Definition const& definition, int steps) {
    std::set<std::string> cases;
    auto const opened = open(definition);
    REQUIRE_FALSE(opened.empty());
    cases.insert(opened);
    for (int i = 0; i < steps; ++i) {
      office_.now += std::chrono::hours{std::uniform_int_distribution<int>(1, 96)(random_)};
      while (office_.service.sweep() > 0) {
      }
      auto chosen = cases.begin();
      std::advance(chosen, std::uniform_int_distribution<std::size_t>(0, cases.size() - 1)(random_));
      step(*chosen, cases);
    }
    return cases;
  }

  std::set<std::string> const& taken() const { return taken_; }
  std::set<std::string> const& refused() const { return refused_; }

 private:
  static void collect(std::vector<Grant> const& grants, std::set<std::string>& roles) {
    for (auto const& grant : grants) {
      if (!grant.role.empty()) roles.insert(grant.role);
    }
  }
  static void collect(Definition const& definition, std::set<std::string>& roles) {
    collect(definition.opening.by, roles);
    for (auto const& transition : definition.transitions) collect(transition.by, roles);
    for (auto const& deadline : definition.deadlines)
      if (deadline.extension) collect(deadline.extension->action.by, roles);
    for (auto const& [name, action] : definition.general) collect(action.by, roles);
  }

  std::size_t pick(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }

  std::string open(Definition const& definition) {
    OpenCaseRequest request;
    request.workflow = definition.id;
    request.fields = Json(definition.example.at("fields"));
    if (definition.example.contains("parties")) request.parties = Json(definition.example.at("parties"));
    for (auto const& actor : actors_) {
      for (auto const& kind : definition.opening.requires_documents)
        request.documents[kind] = {office_.upload(kind, actor, type_of(definition, kind))};
      if (auto const opened = office_.service.open(request, actor)) return opened->subject.id;
    }
    return {};
  }

  static std::string type_of(Definition const& definition, std::string const& kind) {
    auto const* const known = definition.find_document(kind);
    if (!known || known->accept.empty()) return "application/pdf";
    return known->accept.front() == "image/*" ? "image/png" : known->accept.front();
  }

  Json value_of(Json const& schema) {
    if (schema.contains("anyOf"))
      return schema.contains("properties") ? Json{{"name", "某镇某村"}} : value_of(schema["anyOf"][0]);
    if (schema.contains("enum")) return schema["enum"][pick(schema["enum"].size())];
    auto const& type = schema.at("type").get_ref<std::string const&>();
    if (type == "array") return Json::array({value_of(schema["items"])});
    if (type == "boolean") return pick(4) > 0;
    if (type == "number") return schema.value("minimum", 1.0) + 1;
    if (type == "object") return input_of(schema, 3);
    auto const format = schema.value("format", "");
    if (format == "date")
      return format_date(Zone{}.date_of(office_.now + std::chrono::hours{24 * (pick(2) > 0 ? 20 : 0)}));
    if (format == "date-time") return Zone{}.format(office_.now);
    return "某某情况说明";
  }

  Json input_of(Json const& schema, std::size_t generosity) {
    Json input = Json::object();
    std::set<std::string> required;
    for (auto const& name : schema.value("required", Json::array())) required.insert(name.get<std::string>());
    for (auto const& [name, property] : schema.at("properties").items()) {
      if (property.value("format", "") == "uuid") continue;  // another case: left to the tests of links
      if (required.count(name) || pick(generosity) == 0) input[name] = value_of(property);
    }
    return input;
  }

  void step(std::string const& id, std::set<std::string>& cases) {
    auto const& actor = actors_[pick(actors_.size())];
    auto const subject = office_.service.find(id, actor);
    if (!subject) return;
    for (auto const& link : subject->links) cases.insert(link.other);
    auto const offered = office_.service.allowed_actions(*subject, actor, office_.now);
    if (offered.empty()) return;
    auto const& action = offered[pick(offered.size())];
    auto const* const definition = office_.library.find(subject->workflow, subject->version);
    ActionRequest request;
    request.case_id = id;
    request.action = action.name;
    request.input = input_of(action.input_schema, 2);
    request.comment = "理由";
    request.expected_revision = subject->revision;
    for (auto const& kind : action.requires_documents)
      request.documents[kind] = {office_.upload(kind + std::to_string(pick(9)), actor, type_of(*definition, kind))};
    if (action.name == "attach" && !definition->documents.empty())
      request.documents[definition->documents[0].id] = {
          office_.upload("x", actor, type_of(*definition, definition->documents[0].id))};
    auto const done = office_.service.act(request, actor);
    if (done) {
      taken_.insert(definition->id + "/" + action.name);
      CHECK(done->subject.revision > subject->revision);
    } else {
      refused_.insert(std::string(code_name(done.error().front().code)));
      CHECK(office_.service.find(id, actor)->revision == subject->revision);
    }
  }

  Office& office_;
  std::mt19937 random_;
  std::vector<Actor> actors_;
  std::set<std::string> taken_;
  std::set<std::string> refused_;
};

}  // namespace

TEST_CASE("over random walks of every shipped definition, replaying the events gives the stored rows") {
  Office office;
  std::size_t taken = 0;
  for (unsigned seed = 1; seed <= 4; ++seed) {
    Stranger stranger(office, seed);
    for (auto const* const definition : office.library.current_definitions()) stranger.walk(*definition, 400);
    taken += stranger.taken().size();
  }
  CHECK(taken > 40);
  auto const verified = verify(office.store->cases());
  for (auto const& fault : verified.faults) MESSAGE(fault.case_id << " " << fault.revision << " " << fault.what);
  CHECK(verified.faults.empty());
  CHECK(verified.cases >= 8);
}
