// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/core/access.hpp"
#include "engine/core/checks.hpp"
#include "engine/core/contains.hpp"
#include "engine/core/guard.hpp"
#include "engine/core/input_schemas.hpp"
#include "engine/core/message.hpp"
#include "engine/core/rule_data.hpp"

namespace bihuan {
namespace {

class Offers {
 public:
  Offers(Circumstances const& circumstances, Case const& subject, Actor const& actor)
      : circumstances_(circumstances),
        definition_(circumstances.definition),
        subject_(subject),
        actor_(actor),
        schemas_(circumstances.schemas
                     ? circumstances.schemas
                     : std::make_shared<InputSchemas const>(definition_, circumstances.organisation)) {}

  std::vector<OfferedAction> all() {
    for (auto const& transition : definition_.transitions) offer_transition(transition);
    for (auto const* const name : {"comment", "attach", "correct", "link"}) {
      if (auto const action = general_action(definition_, name)) offer(*action, schemas_->of_general(name), false, "");
    }
    offer_assign();
    offer_clocks();
    offer_answers();
    return std::move(offers_);
  }

 private:
  bool granted(Action const& action) const {
    return find_right(action.by, subject_, actor_, circumstances_.organisation).has_value();
  }

  bool when_holds(Transition const& transition) {
    if (!transition.when) return true;
    if (data_.is_null()) data_ = rule_data(circumstances_, subject_, actor_);
    auto const value = evaluate(*transition.when, data_);
    return value && truthy(*value);
  }

  void offer_transition(Transition const& transition) {
    if (transition.trigger != Trigger::none || !contains(transition.from, subject_.state)) return;
    if (!granted(transition) || !when_holds(transition)) return;
    offer(transition, schemas_->of_transition(transition.id), true,
          transition.to.empty() ? subject_.state : transition.to);
    if (auto missing = owner_missing(transition)) {
      offers_.back().possible = false;
      offers_.back().refusals.push_back(std::move(*missing));
    }
  }

  // Nobody would hold the case in the state this leads to, and this action's input cannot name anybody.
  std::optional<Refusal> owner_missing(Transition const& transition) const {
    auto const* const target = definition_.find_state(transition.to);
    if (!target || target->owner.empty()) return std::nullopt;
    auto const held = subject_.parties.find(target->owner);
    if (held != subject_.parties.end() && !held->second.empty()) return std::nullopt;
    bool const by_input =
        contains(transition.input.required, target->owner) || contains(transition.input.optional, target->owner);
    bool const by_effect = std::any_of(transition.effects.begin(), transition.effects.end(), [&](Effect const& effect) {
      auto const* const assign = std::get_if<AssignEffect>(&effect);
      return assign && assign->party == target->owner;
    });
    if (by_input || by_effect) return std::nullopt;
    return refusal(Code::party_missing, pointer_to("/input", target->owner),
                   {{"party", definition_.find_party(target->owner)->title}});
  }

  void offer(Action const& action, SchemaText schema, bool transition, std::string const& to) {
    if (!granted(action)) return;
    OfferedAction offered;
    offered.name = action.id;
    offered.title = action.title;
    offered.transition = transition;
    offered.to = to;
    offered.input_schema = std::move(schema);
    offered.requires_documents = action.requires_documents;
    if (auto conflict = duties_conflict(definition_, action.by, subject_, actor_, circumstances_.organisation))
      offered.refusals.push_back(std::move(*conflict));
    offered.four_eyes = action.four_eyes.has_value();
    if (offered.four_eyes && pending_of(subject_, action.id))
      offered.refusals.push_back(refusal(
          Code::already_asked, "", {{"action", action.title}, {"who", describe(*action.four_eyes, definition_)}}));
    append(offered.refusals, check_documents(definition_, action, subject_, {}));
    append(offered.refusals, check_guards(circumstances_, subject_, action, actor_, nullptr, true));
    offered.possible = offered.refusals.empty();
    offers_.push_back(std::move(offered));
  }

  void offer_assign() {
    auto action = general_action(definition_, "assign");
    std::vector<std::string> parties;
    for (auto const& party : definition_.parties) {
      if ((action && granted(*action)) || subject_.holds_part(party.id, actor_.unit)) parties.push_back(party.id);
    }
    if (parties.empty()) return;
    Action own;
    own.id = "assign";
    own.title = message("action.assign");
    for (auto const& party : parties) own.by.push_back({party, "", {}});
    auto const& offered = action && granted(*action) ? *action : own;
    offer(offered,
          schema_text(object_schema({{"party", text_schema("party", parties)},
                                     {"unit", text_schema("unit")},
                                     {"person", text_schema("person")}},
                                    {"party"})),
          false, "");
  }

  // To who asked as well, with the refusal that says why another person must answer.
  void offer_answers() {
    std::vector<std::string> answerable;
    Refusals refusals;
    for (auto const& pending : subject_.pending) {
      Right right;
      auto denied = check_second(circumstances_, subject_, pending, actor_, right);
      if (denied.empty())
        answerable.push_back(pending.id);
      else if (denied.front().code == Code::same_person_may_not_confirm)
        append(refusals, std::move(denied));
    }
    if (answerable.empty() && refusals.empty()) return;
    for (auto const* const name : {"confirm", "decline"}) {
      OfferedAction offered;
      offered.name = name;
      offered.title = message("action." + offered.name);
      offered.transition = false;
      offered.input_schema = schema_text(object_schema({{"request", text_schema("request", answerable)}}, {"request"}));
      offered.possible = !answerable.empty();
      if (!offered.possible) offered.refusals = refusals;
      offers_.push_back(std::move(offered));
    }
  }

  void offer_clocks() {
    std::map<std::string, std::vector<std::string>> deadlines;
    std::map<std::string, Action const*> actions;
    auto const take = [&](std::string const& name, Action const& action, std::string const& deadline) {
      if (!granted(action)) return;
      deadlines[name].push_back(deadline);
      actions.try_emplace(name, &action);
    };
    for (auto const& rule : definition_.deadlines) {
      auto const* const deadline = subject_.deadline(rule.id);
      if (!deadline || deadline->state == Deadline::State::stopped) continue;
      bool const running = deadline->state == Deadline::State::running;
      if (running && rule.extension && extendable(*rule.extension, *deadline))
        take("extend", rule.extension->action, rule.id);
      if (rule.by_hand) take(running ? "pause" : "resume", *rule.by_hand, rule.id);
    }
    for (auto const& [name, action] : actions) {
      auto shown = *action;
      shown.id = name;
      shown.title = message("action." + name);
      Json properties{{"deadline", text_schema("deadline", deadlines[name])}};
      std::vector<std::string> required{"deadline"};
      if (name == "extend") {
        properties["until"] = text_schema("until");
        properties["until"]["format"] = "date";
        required.push_back("until");
      }
      offer(shown, schema_text(object_schema(std::move(properties), required)), false, "");
    }
  }

  bool extendable(Extension const& extension, Deadline const& deadline) const {
    return static_cast<int>(deadline.extensions.size()) < extension.times &&
           !(extension.before_due && deadline.due < circumstances_.now);
  }

  Circumstances const& circumstances_;
  Definition const& definition_;
  Case const& subject_;
  Actor const& actor_;
  std::shared_ptr<InputSchemas const> const schemas_;
  Json data_;
  std::vector<OfferedAction> offers_;
};

}  // namespace

std::vector<OfferedAction> allowed_actions(Circumstances const& circumstances, Case const& subject,
                                           Actor const& actor) {
  return Offers(circumstances, subject, actor).all();
}

}  // namespace bihuan
