// SPDX-License-Identifier: Apache-2.0
#include "engine/service/lock_out.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace bihuan {
namespace {

std::string pair_of(std::string const& address, std::string const& name) {
  return address + '\n' + name;
}

}  // namespace

template <class Value>
Value* LockOut::Recent<Value>::find(std::string const& key) {
  auto const place = places_.find(key);
  return place == places_.end() ? nullptr : &place->second->second;
}

template <class Value>
Value& LockOut::Recent<Value>::touch(std::string const& key) {
  if (auto const place = places_.find(key); place != places_.end()) {
    entries_.splice(entries_.begin(), entries_, place->second);
    return place->second->second;
  }
  if (places_.size() >= limit_) {
    places_.erase(entries_.back().first);
    entries_.pop_back();
  }
  entries_.emplace_front(key, Value{});
  places_[key] = entries_.begin();
  return entries_.front().second;
}

template <class Value>
void LockOut::Recent<Value>::erase(std::string const& key) {
  auto const place = places_.find(key);
  if (place == places_.end()) return;
  entries_.erase(place->second);
  places_.erase(place);
}

LockOut::Attempt::Attempt(LockOut& owner, std::string name, std::string address, bool acquainted)
    : owner_(&owner), name_(std::move(name)), address_(std::move(address)), acquainted_(acquainted) {}

LockOut::Attempt::Attempt(Attempt&& other) noexcept
    : owner_(std::exchange(other.owner_, nullptr)),
      name_(std::move(other.name_)),
      address_(std::move(other.address_)),
      acquainted_(other.acquainted_) {}

LockOut::Attempt::~Attempt() {
  if (owner_ == nullptr) return;
  std::scoped_lock const lock(owner_->mutex_);
  owner_->end(*this);
}

void LockOut::Attempt::succeed(Instant now) {
  if (owner_ == nullptr) return;
  auto& owner = *std::exchange(owner_, nullptr);
  std::scoped_lock const lock(owner.mutex_);
  owner.end(*this);
  // The others under way keep their places; and who guesses elsewhere gets no more guesses by it.
  if (auto* const tally = owner.tally_of(*this)) *tally = {.in_flight = tally->in_flight};
  owner.acquainted_.touch(pair_of(address_, name_)).signed_in = now;
}

void LockOut::Attempt::fail(Instant now) {
  if (owner_ == nullptr) return;
  auto& owner = *std::exchange(owner_, nullptr);
  std::scoped_lock const lock(owner.mutex_);
  owner.end(*this);
  auto* const own = acquainted_ ? owner.tally_of(*this) : nullptr;
  owner.count(own != nullptr ? *own : owner.names_.touch(name_), owner.rules_.name_failures, now);
  owner.count(owner.addresses_.touch(address_), owner.rules_.address_failures, now);
}

tl::expected<LockOut::Attempt, std::chrono::seconds> LockOut::begin(std::string const& name, std::string const& address,
                                                                    Instant now) {
  auto const group = address_group(address);
  std::scoped_lock const lock(mutex_);
  auto* const known = acquainted_.find(pair_of(group, name));
  bool const acquainted = known != nullptr && now - known->signed_in < rules_.acquainted_for;
  if (auto* const tally = addresses_.find(group); tally != nullptr && !acquainted) {
    forget_old(*tally, now);
    if (tally->locked_until > now) return tl::make_unexpected(tally->locked_until - now);
  }
  auto& tally = acquainted ? known->tally : names_.touch(name);
  if (auto const left = wait(tally, now); left > std::chrono::seconds(0)) return tl::make_unexpected(left);
  ++tally.in_flight;
  return Attempt(*this, name, group, acquainted);
}

std::chrono::seconds LockOut::wait(Tally& tally, Instant now) const {
  forget_old(tally, now);
  if (tally.locked_until > now) return tally.locked_until - now;
  // After a lock one attempt at a time is enough to show that one knows the password.
  auto const allowed = tally.failures < rules_.name_failures ? rules_.name_failures - tally.failures : 1;
  return std::chrono::seconds(tally.in_flight >= allowed ? 1 : 0);
}

std::size_t LockOut::size() const {
  std::scoped_lock const lock(mutex_);
  return names_.size() + addresses_.size() + acquainted_.size();
}

void LockOut::forget_old(Tally& tally, Instant now) const {
  // A clock that steps back must not lock anybody for longer than the longest lock.
  tally.locked_until = std::min(tally.locked_until, now + rules_.longest_lock);
  if (now - std::max(tally.last_failure, tally.locked_until) >= rules_.forgotten_after) {
    tally = {.in_flight = tally.in_flight};
  }
}

void LockOut::count(Tally& tally, std::size_t allowed, Instant now) const {
  // Attempts that were under way when the lock fell do not make it longer.
  if (tally.locked_until > now) return;
  ++tally.failures;
  tally.last_failure = now;
  if (tally.failures < allowed) return;
  auto const doublings = std::min<std::size_t>(tally.failures - allowed, 16);
  tally.locked_until = now + std::min(rules_.first_lock * (1 << doublings), rules_.longest_lock);
}

LockOut::Tally* LockOut::tally_of(Attempt const& attempt) {
  if (!attempt.acquainted_) return names_.find(attempt.name_);
  auto* const known = acquainted_.find(pair_of(attempt.address_, attempt.name_));
  return known == nullptr ? nullptr : &known->tally;
}

void LockOut::end(Attempt const& attempt) {
  auto* const tally = tally_of(attempt);
  if (tally == nullptr) return;
  if (tally->in_flight > 0) --tally->in_flight;
  if (!attempt.acquainted_ && tally->in_flight == 0 && tally->failures == 0) names_.erase(attempt.name_);
}

std::string address_group(std::string const& address) {
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return address;
  constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (std::ranges::equal(mapped, std::span(bytes).first<12>())) {
    inet_ntop(AF_INET, bytes.data() + 12, text.data(), text.size());
    return text.data();
  }
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
  return text.data();
}

}  // namespace bihuan
