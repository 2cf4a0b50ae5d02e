// SPDX-License-Identifier: Apache-2.0
#include "tools/crash/kill_client.hpp"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <stdexcept>
#include <thread>

#include "engine/store/digest.hpp"
#include "tools/crash/district.hpp"

namespace bihuan::crash {
namespace {

constexpr std::size_t largest_upload = 600'000;  // three chunks
constexpr std::size_t dispatched = 2;
constexpr std::chrono::milliseconds before_the_next{20};  // node is asked, when one could not

bool went_well(int status) {
  return status == 200 || status == 201;
}

}  // namespace

KillClient::KillClient(std::size_t number, std::uint64_t seed, std::vector<std::string> const& ids,
                       std::int64_t revision, Tally& tally)
    : number_(number), tally_(tally), first_own_(ids.size()), random_(seed * clients + number) {
  for (auto const& id : ids) own_.push_back({id, revision, dispatched});
}

std::size_t KillClient::pick(std::size_t count) {
  return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
}

void KillClient::work(std::uint16_t port, std::atomic<bool> const& killed) {
  if (unanswered_) ++asked_again_;
  try {
    // The program closes a connection of its own accord when it has no room for a body.
    while (!killed && faults_.empty()) {
      test::Client client(port);
      while (faults_.empty() && ask(client)) continue;
    }
  } catch (std::exception const& broken) {
    if (!killed) faults_.push_back(broken.what());
  }
}

void KillClient::go_round(std::span<std::atomic<std::uint16_t> const> ports, std::atomic<bool> const& over) {
  for (auto turn = number_; !over && faults_.empty(); ++turn) {
    auto const port = ports[turn % ports.size()].load();
    put_off_ = port == 0;
    if (port != 0) try {
        test::Client client(port);
        while (!over && faults_.empty() && ask(client) && !put_off_) continue;
      } catch (std::exception const&) {
        if (unanswered_) ++asked_again_;
        put_off_ = true;
      }
    if (put_off_) std::this_thread::sleep_for(before_the_next);
  }
}

bool KillClient::ask(test::Client& client) {
  if (unanswered_) return settle(client);
  return is_supervisor(number_) ? ask_as_supervisor(client) : ask_as_handler(client);
}

bool KillClient::ask_as_handler(test::Client& client) {
  auto const what = pick(16);
  if (what == 0) {
    open_issue();
    return settle(client);
  }
  Json body{{"input", {{"progress_percent", pick(100)}, {"progress_note", "本月完成管网清淤两公里。"}}}};
  if (what == 1) {
    auto const sha256 = upload(client);
    if (!sha256) return false;
    body["documents"]["evidence"] = {*sha256};
  }
  act(pick(first_own_), "progress", std::move(body));
  return settle(client);
}

bool KillClient::ask_as_supervisor(test::Client& client) {
  if (paper_.empty()) {
    auto const sha256 = upload(client);
    paper_ = sha256.value_or("");
    return sha256.has_value();
  }
  auto const own = pick(own_.size());
  switch (own_[own].stage) {
    case 0: act(own, "report", {{"documents", {{"issue-form", {paper_}}}}}); break;
    case 1:
      act(own, "dispatch-fix-now",
          {{"input",
            {{"lead", "water"},
             {"rectify_by", format_date(std::chrono::floor<std::chrono::days>(wall_clock()) + std::chrono::days(90))}}},
           {"documents", {{"assignment-notice", {paper_}}}}});
      break;
    case dispatched: act(own, "supervise", Json::object()); break;
    default: open_issue();
  }
  return settle(client);
}

void KillClient::open_issue() {
  begin(std::nullopt, "/api/v1/cases",
        {{"workflow", "inspection-issue"},
         {"fields",
          {{"problem", "河边有人倾倒建筑垃圾"},
           {"source", "routine-check"},
           {"category", "solid-waste"},
           {"level", "general"},
           {"place", {{"name", "花溪河段"}}}}}});
}

void KillClient::act(std::size_t own, std::string const& action, Json body) {
  begin(own, "/api/v1/cases/" + own_[own].id + "/actions/" + action, std::move(body));
}

std::string KillClient::head(std::string const& target, std::size_t length) const {
  return fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n",
                     target, token_of(number_), length);
}

void KillClient::begin(std::optional<std::size_t> own, std::string const& target, Json body) {
  Asked asked{.token = fmt::format("{}-{}-{:08x}", number_, asked_.size(), random_() & 0xFFFFFFFFU),
              .person = person_of(number_),
              .case_id = own ? own_[*own].id : "",
              .revision = own ? own_[*own].revision + 1 : 1};
  body["comment"] = asked.token;
  auto const text = body.dump();
  auto bytes = head(target, text.size()) + "Content-Type: application/json\r\nIdempotency-Key: " + asked.token + "\r\n";
  if (own) bytes += fmt::format("If-Match: \"{}\"\r\n", own_[*own].revision);
  asked_.push_back(std::move(asked));
  unanswered_ = Unanswered{.asked = asked_.size() - 1, .own = own, .bytes = bytes + "\r\n" + text};
}

bool KillClient::settle(test::Client& client) {
  auto& asked = asked_[unanswered_->asked];
  client.send(unanswered_->bytes);
  auto const answer = client.read();
  if (!answer) throw std::runtime_error("closed without an answer");
  bool const goes_on = answer->header("Connection") != "close";
  if (answer->status == 503) {  // not now: asked again like what was not answered
    ++tally_.not_now;
    put_off_ = true;
    return goes_on;
  }
  if (!went_well(answer->status)) {
    faults_.push_back(fmt::format("{}: {} {}", asked.token, answer->status, answer->body));
    return goes_on;
  }
  auto const body = Json::parse(answer->body);
  auto const id = body.at("id").get<std::string>();
  if (body.at("revision") != asked.revision || (!asked.case_id.empty() && asked.case_id != id))
    faults_.push_back(fmt::format("{}: answered with another revision: {}", asked.token, answer->body));
  asked.case_id = id;
  asked.acknowledged = true;
  ++tally_.acknowledged;
  if (unanswered_->own) {
    own_[*unanswered_->own].revision = asked.revision;
    ++own_[*unanswered_->own].stage;
  } else {
    own_.push_back({id, asked.revision, 0});
  }
  unanswered_.reset();
  return goes_on;
}

std::optional<std::string> KillClient::upload(test::Client& client) {
  std::string bytes(1 + pick(largest_upload), ' ');
  for (auto& byte : bytes) byte = static_cast<char>(random_());
  auto const answered = client.send(head("/api/v1/attachments", bytes.size()) +
                                    "Content-Type: application/pdf\r\nX-File-Name: a.pdf\r\n\r\n" + bytes)
                            ? client.read()
                            : std::nullopt;
  if (answered && answered->status == 503) {
    ++tally_.not_now;
    put_off_ = true;
  }
  if (!answered || answered->status == 503) return std::nullopt;
  auto const sha256 = hash_of(bytes);
  if (answered->status != 201 || Json::parse(answered->body).at("sha256") != sha256) {
    faults_.push_back(fmt::format("upload: {} {}", answered->status, answered->body));
    return std::nullopt;
  }
  uploaded_.push_back({.sha256 = sha256, .person = person_of(number_)});
  return sha256;
}

}  // namespace bihuan::crash
