// SPDX-License-Identifier: Apache-2.0
#include "engine/service/scenario.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"
#include "engine/service/case_service.hpp"

namespace bihuan {
namespace {

class Player {
 public:
  Player(Library const& library, std::unique_ptr<Store> store, std::function<void(ScenarioMoment const&)> observe)
      : library_(library),
        store_(std::move(store)),
        observe_(std::move(observe)),
        service_(*store_, library_, [this] { return now_; }) {}

  void play(OrderedJson const& document, ScenarioReport& report) {
    Reader reader(document, "", report.faults);
    (void)reader.find("$schema");
    workflow_ = report.workflow = reader.text("workflow");
    report.title = reader.bilingual("title");
    if (reader.text("checked").empty()) reader.fault(Code::missing, "checked", {{"name", "checked"}});
    reader.members("people", [&](std::string const& name, Reader& person) {
      people_[name] = {name, person.text("unit"), person.texts("roles"), false};
      if (!library_.organisation().find(people_[name].unit))
        person.fault(Code::unknown_unit, "unit", {{"name", people_[name].unit}});
      person.finish();
    });
    reader.elements("steps", [&](std::size_t, Reader& step) {
      ++report.steps;
      this->step(step);
    });
    reader.finish();
  }

 private:
  void step(Reader& step) {
    advance(step);
    if (auto const* const what = step.find("find")) find(step, *what);
    auto const action = step.text_or("do", "");
    auto const refused_with = step.text_or("refused", "");
    if (!action.empty()) {
      auto const done = action == "open" ? open(step) : act(step, action);
      judge(step, done, refused_with);
    }
    if (auto const* const expected = step.find("expect")) {
      Reader reader(*expected, pointer_to(step.pointer(), "expect"), step.faults());
      expect(reader, step.text_or("case", ""));
    }
    if (observe_) show(id_of(step.text_or("case", step.text_or("as", ""))), nullptr);
    step.finish();
  }

  // Time passes as it would with the program running: what falls due on the way happens at its own instant.
  void advance(Reader& step) {
    auto const at = parse_instant(step.text("at"), pointer_to(step.pointer(), "at"));
    if (!at) {
      step.faults().insert(step.faults().end(), at.error().begin(), at.error().end());
      return;
    }
    if (*at < now_) step.fault(Code::out_of_bounds, "at", {{"expected", message("expected.not_earlier")}});
    while (true) {
      auto const next = store_->cases().next_wakeup();
      if (!next || *next > *at) break;
      now_ = std::max(now_, *next);
      if (service_.sweep() > 0 || store_->cases().next_wakeup() != next) continue;
      // Nothing moves: what is due cannot be carried out, and would be tried for ever.
      step.fault(Code::conflict, "at");
      break;
    }
    now_ = std::max(now_, *at);
    (void)service_.open_recurring();
  }

  void judge(Reader& step, Result<CaseAt> const& done, std::string const& refused_with) {
    if (done) {
      if (!refused_with.empty())
        step.fault(Code::expectation_failed, "refused",
                   {{"expected", refused_with}, {"found", message("expected.done")}});
      return;
    }
    auto const& first = done.error().front();
    if (code_name(first.code) == refused_with) return;
    step.fault(Code::expectation_failed, refused_with.empty() ? "do" : "refused",
               {{"expected", refused_with.empty() ? message("expected.done") : Text{refused_with, refused_with}},
                {"found", Text{std::string(code_name(first.code)) + " " + first.pointer + " " + first.text.zh,
                               std::string(code_name(first.code)) + " " + first.pointer + " " + first.text.en}}});
  }

  Actor actor(Reader& step) {
    auto const name = step.text("by");
    auto const found = people_.find(name);
    if (found != people_.end()) return found->second;
    step.fault(Code::unknown_person, "by", {{"name", name}});
    return {name, "", {}, false};
  }

  std::map<std::string, std::vector<std::string>> documents(Reader& step, Actor const& actor) {
    std::map<std::string, std::vector<std::string>> result;
    auto const* const subject = library_.current(workflow_);
    step.members("documents", [&](std::string const& kind, Reader& count) {
      auto const number = count.value().is_number_integer() ? count.value().get<int>() : 1;
      auto const* const known = subject ? subject->find_document(kind) : nullptr;
      for (int i = 0; i < number; ++i) result[kind].push_back(upload(kind, known, actor));
    });
    return result;
  }

  // A few bytes that no other document of the story has.
  std::string upload(std::string const& kind, DocumentKind const* known, Actor const& actor) {
    std::string type = known && !known->accept.empty() ? known->accept.front() : "application/pdf";
    if (type == "image/*") type = "image/jpeg";
    if (auto const star = type.find('*'); star != std::string::npos) type.replace(star, 1, "plain");
    auto const source = source_of(kind + " " + std::to_string(++uploads_));
    return store_->attachments().put(kind, type, actor.person, source).sha256;
  }

  static Json member(Reader& step, std::string_view name) {
    auto const* const value = step.find(name);
    return value ? Json(*value) : Json::object();
  }

  Result<CaseAt> open(Reader& step) {
    auto const who = actor(step);
    OpenCaseRequest request;
    request.workflow = step.text_or("workflow", workflow_);
    request.fields = member(step, "fields");
    request.parties = member(step, "parties");
    request.documents = documents(step, who);
    request.comment = step.text_or("comment", "");
    auto const name = step.text_or("as", "case");
    auto opened = service_.open(request, who);
    if (opened) {
      cases_[name] = opened->subject.id;
      if (first_.empty()) first_ = name;
    }
    return opened;
  }

  Result<CaseAt> act(Reader& step, std::string const& action) {
    auto const who = actor(step);
    ActionRequest request;
    request.case_id = id_of(step.text_or("case", ""));
    request.action = action;
    request.input = member(step, "input");
    request.documents = documents(step, who);
    request.comment = step.text_or("comment", "");
    // Steps may name a case by its alias, which only the story knows.
    for (auto& [key, value] : request.input.items()) {
      if (value.is_string() && cases_.count(value.get<std::string>())) value = cases_[value.get<std::string>()];
    }
    name_request(request);
    if (auto const seen = step.integer_or("revision", -1); seen >= 0) request.expected_revision = seen;
    if (observe_ && step.text_or("refused", "").empty()) show(request.case_id, &request);
    return service_.act(request, who);
  }

  void show(std::string const& id, ActionRequest const* request) {
    auto const subject = store_->cases().find(id, Visibility::of_everything());
    if (!subject) return;
    observe_({*subject, now_, request});
    if (request) return;
    for (auto const& link : subject->links) {
      auto const other = store_->cases().find(link.other, Visibility::of_everything());
      if (other) observe_({*other, now_});
    }
  }

  // A story cannot know the id of a request that waits for a second person; where there is one, it is meant.
  void name_request(ActionRequest& request) {
    bool const answers = request.action == "confirm" || request.action == "decline";
    if (!answers || request.input.contains("request")) return;
    auto const subject = store_->cases().find(request.case_id, Visibility::of_everything());
    if (subject && !subject->pending.empty()) request.input["request"] = subject->pending.front().id;
  }

  std::string id_of(std::string const& name) const {
    auto const found = cases_.find(name.empty() ? first_ : name);
    return found == cases_.end() ? name : found->second;
  }

  static Text plain(Json const& value) {
    auto const text = value.is_string() ? value.get<std::string>() : value.dump();
    return {text, text};
  }

  static void same(Reader& reader, std::string_view member, Json const& expected, Json const& found) {
    if (expected != found)
      reader.fault(Code::expectation_failed, member, {{"expected", plain(expected)}, {"found", plain(found)}});
  }

  void expect(Reader& reader, std::string const& name) {
    auto const subject = store_->cases().find(id_of(name), Visibility::of_everything());
    if (!subject) {
      reader.fault(Code::not_found, "");
      return;
    }
    auto const plain_member = [&](std::string_view key, Json const& found) {
      if (auto const* const expected = reader.find(key)) same(reader, key, Json(*expected), found);
    };
    plain_member("state", subject->state);
    plain_member("final", subject->final);
    plain_member("outcome", subject->outcome);
    plain_member("revision", subject->revision);
    plain_member("light", light_name(light_of(*subject, now_)));
    reader.members("fields", [&](std::string const& field, Reader& value) {
      same(value, "", Json(value.value()), subject->fields.value(field, Json()));
    });
    reader.members("parties", [&](std::string const& party, Reader& value) {
      same(value, "", Json(value.value()), Json(subject->units_holding(party)));
    });
    reader.members("deadlines",
                   [&](std::string const& deadline, Reader& value) { expect_deadline(value, *subject, deadline); });
    expect_actions(reader, *subject);
    reader.members("linked", [&](std::string const& link, Reader& value) { expect_link(value, *subject, link); });
    reader.finish();
  }

  void expect_deadline(Reader& reader, Case const& subject, std::string const& name) {
    auto const* const deadline = subject.deadline(name);
    if (!deadline) {
      if (!reader.value().is_null()) reader.fault(Code::deadline_not_running, "", {{"deadline", name}});
      return;
    }
    auto const instant = [&](std::string_view key, std::optional<Instant> found) {
      auto const* const expected = reader.find(key);
      if (!expected) return;
      auto const wanted = expected->is_string() ? parse_instant(expected->get<std::string>()) : Result<Instant>{};
      bool const same_instant = found && expected->is_string() && wanted && *wanted == *found;
      if (!same_instant && !(expected->is_null() && !found))
        reader.fault(
            Code::expectation_failed, key,
            {{"expected", plain(Json(*expected))}, {"found", found ? zone_.format(*found) : std::string("null")}});
    };
    auto const value = [&](std::string_view key, Json const& found) {
      if (auto const* const expected = reader.find(key)) same(reader, key, Json(*expected), found);
    };
    static constexpr std::string_view states[] = {"running", "paused", "stopped"};
    instant("due", deadline->due);
    instant("hard_due", deadline->hard_due);
    value("light", light_name(light_of(*deadline, now_)));
    value("state", states[static_cast<std::size_t>(deadline->state)]);
    value("cycle", deadline->cycle);
    value("owner", deadline->owner);
    value("provisional", deadline->provisional);
    value("extensions", deadline->extensions.size());
    value("rungs", deadline->rungs);
    value("late", deadline->stopped && *deadline->stopped > deadline->due);
    reader.finish();
  }

  void expect_actions(Reader& reader, Case const& subject) {
    for (bool const may : {true, false}) {
      reader.members(may ? "may" : "may_not", [&](std::string const& name, Reader& list) {
        auto const person = people_.find(name);
        if (person == people_.end()) return list.fault(Code::unknown_person, "", {{"name", name}});
        auto const offered = service_.allowed_actions(subject, person->second, now_);
        for (auto const& action : list.value()) {
          bool const possible = std::any_of(offered.begin(), offered.end(), [&](OfferedAction const& o) {
            // A document that the step demands comes with the step.
            auto const stands = [](Refusal const& r) { return r.code != Code::document_missing; };
            return action == o.name && std::none_of(o.refusals.begin(), o.refusals.end(), stands);
          });
          if (possible != may)
            list.fault(Code::expectation_failed, "",
                       {{"expected", plain(Json(action))},
                        {"found", message(possible ? "expected.possible" : "expected.impossible")}});
        }
      });
    }
  }

  Case present(std::string const& id) { return store_->cases().find(id, Visibility::of_everything()).value_or(Case()); }

  // Which of several cases is meant: one in which this unit holds this part, or any part.
  static std::function<bool(Case const&)> holding(Reader& reader) {
    auto const unit = reader.text_or("unit", "");
    auto const party = reader.text_or("party", "");
    return [unit, party](Case const& subject) {
      return unit.empty() || (party.empty() ? subject.holds_any_part(unit) : subject.holds_part(party, unit));
    };
  }

  // Names a case that opened by itself: the newest of its workflow.
  void find(Reader& step, OrderedJson const& what) {
    Reader reader(what, pointer_to(step.pointer(), "find"), step.faults());
    auto const wanted = holding(reader);
    CaseQuery query;
    query.workflow = reader.text_or("workflow", workflow_);
    reader.finish();
    auto const page = store_->cases().list(query, Visibility::of_everything(), now_);
    auto const name = step.text_or("as", "case");
    if (first_.empty()) first_ = name;
    for (auto const& subject : page ? page->items : std::vector<Case>()) {
      if (!wanted(subject)) continue;
      cases_[name] = subject.id;
      return;
    }
    step.fault(Code::not_found, "find");
  }

  void expect_link(Reader& reader, Case const& subject, std::string const& name) {
    std::vector<Link> links;
    auto const wanted = holding(reader);
    std::copy_if(subject.links.begin(), subject.links.end(), std::back_inserter(links),
                 [&](Link const& link) { return link.name == name && wanted(present(link.other)); });
    if (auto const* const count = reader.find("count")) same(reader, "count", Json(*count), links.size());
    auto const alias = reader.text_or("as", "");
    auto const* const state = reader.find("state");
    if (!links.empty() && !alias.empty()) cases_[alias] = links.back().other;
    if (links.empty() && (state || !alias.empty())) reader.fault(Code::not_found, "");
    if (!links.empty() && state) same(reader, "state", Json(*state), links.back().state);
    reader.finish();
  }

  Library const& library_;
  std::unique_ptr<Store> store_;
  std::function<void(ScenarioMoment const&)> observe_;
  Instant now_{};
  Zone zone_{"Asia/Shanghai"};
  CaseService service_;
  std::string workflow_;
  std::map<std::string, Actor> people_;
  std::map<std::string, std::string> cases_;
  std::string first_;
  int uploads_ = 0;
};

}  // namespace

ScenarioReport run_scenario(OrderedJson const& document, Library const& library,
                            std::function<std::unique_ptr<Store>()> const& make_store,
                            std::function<void(ScenarioMoment const&)> const& observe) {
  ScenarioReport report;
  Player player(library, make_store(), observe);
  player.play(document, report);
  return report;
}

}  // namespace bihuan
