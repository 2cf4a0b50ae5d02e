// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <optional>
#include <utility>

#include "api/routes/answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/news.hpp"
#include "api/routes/record.hpp"

namespace bihuan::routes {
namespace {

constexpr std::size_t id_limit = 128;
// Looks past what the caller may not see, before it is somebody else's turn.
constexpr int looks_at_once = 8;

struct Place {
  std::string case_id;
  std::int64_t revision = 0;
};

// An event is known by its case and revision, as the caller counts it: a number in the order of all events would tell
// how many there are of those that the caller may not see.
std::optional<Place> parse_place(std::string_view id) {
  auto const dot = id.rfind('.');
  if (id.size() > id_limit || dot == std::string_view::npos) return std::nullopt;
  Place place{.case_id = std::string(id.substr(0, dot))};
  auto const digits = id.substr(dot + 1);
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), place.revision);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.empty()) return std::nullopt;
  return place;
}

std::string event_of(CaseChange const& change) {
  OrderedJson const data{{"case", change.case_id},      {"revision", change.revision}, {"number", change.number},
                         {"workflow", change.workflow}, {"state", change.state},       {"final", change.final}};
  return "id: " + change.case_id + "." + std::to_string(change.revision) + "\nevent: change\ndata: " + data.dump() +
         "\n\n";
}

// In the order of all changes.
std::optional<std::int64_t> sequence_of(Place const& place, Actor const& actor, Context& context) {
  auto const found = context.cases.find(place.case_id, actor);
  if (!found) return std::nullopt;
  auto const revision = context.cases.known_revisions(*found, actor).real(place.revision);
  return context.store.cases().find_change(place.case_id, revision, context.cases.visibility(actor));
}

// What changes in the cases that somebody may see, asked anew of the store each time: who may see what, and whether
// they are still signed in, is as it is then.
class CaseStream final : public http::Feed {
 public:
  CaseStream(Context& context, std::string token, std::int64_t from, std::string greeting)
      : context_(context), token_(std::move(token)), up_to_(from), text_(std::move(greeting)) {}

  std::optional<std::string> next() override {
    if (!text_.empty()) return std::exchange(text_, {});
    auto const actor = present_actor();
    if (!actor) return std::nullopt;
    auto const visibility = context_.cases.visibility(*actor);
    std::string text;
    for (int look = 0; look < looks_at_once && text.empty(); ++look) {
      auto const changes = context_.store.cases().changes_after(up_to_, visibility);
      if (changes.up_to == up_to_) break;
      up_to_ = changes.up_to;
      for (auto const& change : changes.items) {
        if (auto const known = known_change(change, *actor)) text += event_of(*known);
      }
    }
    return text;
  }

  [[nodiscard]] std::string idle() const override { return ":\n\n"; }

  void listen(std::function<void()> ring) override { listener_.emplace(context_.news, std::move(ring)); }

 private:
  // As the reader counts it; nothing where they may not know of it.
  std::optional<CaseChange> known_change(CaseChange change, Actor const& actor) {
    if (!change.veiled) return change;
    auto const found = context_.cases.find(change.case_id, actor);
    if (!found) return std::nullopt;
    auto const known = context_.cases.known_revisions(*found, actor);
    if (!known.knows(change.revision)) return std::nullopt;
    change.revision = known.shown(change.revision);
    return change;
  }

  std::optional<Actor> present_actor() {
    auto const identity = context_.sign_in.look_up(token_);
    if (!identity || context_.sign_in.pending(identity->person)) return std::nullopt;
    return context_.sign_in.acting_now(identity->person);
  }

  Context& context_;
  std::string token_;
  std::int64_t up_to_;
  std::string text_;
  std::optional<News::Listener> listener_;
};

}  // namespace

Response stream_events(Request& request, Context& context) {
  auto const& caller = caller_of(request);
  // Browsers wait so long before they come back.
  std::string greeting = "retry: 3000\n\n";
  // Before the place is looked for, so that nothing falls between the two.
  auto from = context.store.cases().last_change();
  if (auto const last = request.headers.find("last-event-id")) {
    auto const place = parse_place(*last);
    auto const known = place ? sequence_of(*place, caller.actor, context) : std::nullopt;
    if (known) from = *known;
    if (!known) greeting += "event: reset\ndata: {}\n\n";
  }
  Seen seen{.kind = AuditKind::cases_listed, .detail = {{"stream", true}}};
  if (auto full = record(request, context, std::move(seen))) return std::move(*full);
  Response response;
  response.headers.add("Content-Type", "text/event-stream");
  response.headers.add("Cache-Control", "no-store");
  // Proxies that gather answers would hold back what has happened.
  response.headers.add("X-Accel-Buffering", "no");
  response.feed = std::make_shared<CaseStream>(context, caller.token, from, std::move(greeting));
  return response;
}

}  // namespace bihuan::routes
