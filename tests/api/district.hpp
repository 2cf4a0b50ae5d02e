// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/server.hpp"
#include "api/identity/place_sign_in.hpp"
#include "api/routes/context.hpp"
#include "engine/core/json.hpp"
#include "engine/service/audit_log.hpp"
#include "engine/service/case_service.hpp"
#include "engine/service/library.hpp"
#include "engine/service/sign_in.hpp"
#include "tests/api/client.hpp"

namespace bihuan::test {

// 09:00 on a Monday, a working day.
[[nodiscard]] Instant monday_morning();

inline constexpr std::string_view password_of_everybody = "everybody's password";

// The whole service on a free port: the definitions of workflows/, a real store in a directory of its own,
// people of the district, and a clock that stands until the test moves it.
class District {
 public:
  struct Crew {
    std::size_t handlers = 4;
    // So few that a test can fill them.
    std::size_t hashing = 1;
    std::size_t hashing_queue = 1;
  };
  // Always on a free port.
  explicit District(http::ServerOptions options = quiet(), SignInRules rules = patient(),
                    AuditLog::Options const& audit = {})
      : District(std::move(options), std::move(rules), audit, Crew()) {}
  District(http::ServerOptions options, SignInRules rules, AuditLog::Options const& audit, Crew crew);
  ~District();
  // Without a log of requests.
  [[nodiscard]] static http::ServerOptions quiet();
  // Sessions that end by their age alone.
  [[nodiscard]] static SignInRules patient();

  struct Ask {
    std::string method = "GET";
    std::string target{};
    std::string by{};  // a person's name; empty: nobody signed in
    std::string body{};
    std::string fields{};  // further header lines
    bool json = true;      // the body's Content-Type
  };
  [[nodiscard]] Answer ask(Ask const& request) const;
  // Over a connection that stays open.
  [[nodiscard]] Answer ask(Ask const& request, Client& client) const;
  [[nodiscard]] Answer get(std::string const& target, std::string const& by, std::string const& fields = {}) const;
  [[nodiscard]] Answer post(std::string const& target, std::string const& by, Json const& body,
                            std::string const& fields = {}) const;
  // An action on the case as it is now in that person's eyes, with If-Match.
  [[nodiscard]] Answer act(std::string const& case_id, std::string const& action, std::string const& by,
                           Json const& body = Json::object()) const;

  // Bytes that a person uploads as a PDF; their hash.
  [[nodiscard]] std::string upload(std::string const& by, std::string const& bytes) const;

  // A new issue by the inspector; its id.
  [[nodiscard]] std::string open_issue(std::string const& problem = "雨水口有污水外溢") const;
  // The same, which its township has sent in, so that the ecology bureau is party to it.
  [[nodiscard]] std::string reported_issue() const;
  // The id of the referral that the bureau makes of a reported issue, for an offence whose facts say
  // `暗管排放电镀废水`.
  [[nodiscard]] std::string refer(std::string const& issue) const;
  // A new criminal referral by a handler of the ecology bureau.
  [[nodiscard]] std::string open_referral() const;

  // A person who is signed in, or one who changes unit or roles.
  void add_person(std::string const& name, std::string const& unit, std::vector<std::string> const& roles);

  // Runs a script on the database behind the store's back.
  void change_store(char const* script);

  // Sessions of later than now end; whoever asks next after it went back is signed in anew.
  void move_clock(std::chrono::seconds by);
  [[nodiscard]] Instant now() const { return Instant(std::chrono::seconds(now_.load())); }
  // The token of a signed-in person.
  [[nodiscard]] std::string const& token_of(std::string const& name) const;
  [[nodiscard]] Store& store() { return *store_; }
  [[nodiscard]] CaseService& cases() { return *cases_; }
  [[nodiscard]] AuditLog& audit() { return *audit_; }
  // Which may send to this machine alone. Nothing is sent before the test asks for it.
  [[nodiscard]] WebhookService& webhooks() { return *webhooks_; }
  // From now on people can also come from here, which outlives this.
  void use_place(identity::PlaceSignIn& place) { context_->place = &place; }
  [[nodiscard]] http::WorkerPool& passwords() { return passwords_; }
  [[nodiscard]] http::Router const& router() const { return *router_; }
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] std::filesystem::path const& directory() const { return directory_; }

 private:
  void add_people();
  void put_session(std::string const& name) const;

  std::filesystem::path directory_;
  Library library_;  // its own: units and definitions are changed in it
  std::atomic<std::int64_t> now_;
  std::unique_ptr<Store> store_;
  std::optional<CaseService> cases_;
  std::optional<SignIn> sign_in_;
  std::optional<Accounts> accounts_;
  std::optional<Units> units_;
  std::optional<DefinitionKeeper> definitions_;
  std::optional<Migrations> migrations_;
  std::optional<MachineTokens> machine_tokens_;
  std::optional<WebhookService> webhooks_;
  std::optional<AuditLog> audit_;
  std::optional<Sealer> sealer_;
  http::WorkerPool passwords_;
  std::optional<routes::Context> context_;
  std::optional<http::Metrics> metrics_;
  std::optional<http::Router> router_;
  http::WorkerPool workers_;
  std::optional<http::Server> server_;
  std::map<std::string, std::string> tokens_;
  mutable std::mutex mutex_;
  mutable std::set<std::string> signed_out_;  // since the clock went back
};

[[nodiscard]] Json json_of(Answer const& answer);
// The code of a problem; empty when the answer is none.
[[nodiscard]] std::string code_of(Answer const& answer);

}  // namespace bihuan::test
