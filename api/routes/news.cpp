// SPDX-License-Identifier: Apache-2.0
#include "api/routes/news.hpp"

#include <utility>

namespace bihuan::routes {

News::Listener::Listener(std::shared_ptr<News> news, Ring ring) : news_(std::move(news)) {
  std::lock_guard const lock(news_->mutex_);
  place_ = news_->listeners_.insert(news_->listeners_.end(), std::move(ring));
}

News::Listener::~Listener() {
  std::lock_guard const lock(news_->mutex_);
  news_->listeners_.erase(place_);
}

void News::ring() {
  std::lock_guard const lock(mutex_);
  for (auto const& ring : listeners_) ring();
}

}  // namespace bihuan::routes
