// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>

#include "api/http/message.hpp"

namespace bihuan::http {

// Beast's parser, filling our Request directly: no second set of header fields to copy from. One for each
// request.
class RequestParser final : public boost::beast::http::basic_parser<true> {
  using Error = boost::beast::error_code;
  using View = boost::beast::string_view;

 public:
  RequestParser(Request& request, std::string& target, std::size_t head_limit) : request_(request), target_(target) {
    header_limit(static_cast<std::uint32_t>(head_limit + 1));
    // Limits are by route, which is known only after the header: see body_limit() of the base.
    body_limit(boost::none);
    eager(true);
  }

  // 10 or 11.
  [[nodiscard]] int version() const { return version_; }
  // Where body bytes go from now on; parsing stops with need_buffer when there is no room left.
  void receive_into(std::span<char> room) {
    room_ = room;
    received_ = 0;
  }
  [[nodiscard]] std::size_t received() const { return received_; }

 private:
  void on_request_impl(boost::beast::http::verb, View method, View target, int version, Error&) override {
    request_.method = method;
    target_ = target;
    version_ = version;
  }
  void on_field_impl(boost::beast::http::field, View name, View value, Error&) override {
    // Trailers come after the body and would pass for header fields: nobody here asks for them.
    if (!in_trailer_) request_.headers.add(name, value);
  }
  void on_header_impl(Error&) override { in_trailer_ = true; }
  std::size_t on_body_impl(View bytes, Error& error) override {
    auto const taken = std::min(bytes.size(), room_.size() - received_);
    if (taken > 0) std::memcpy(room_.data() + received_, bytes.data(), taken);
    received_ += taken;
    if (taken < bytes.size()) error = boost::beast::http::error::need_buffer;
    return taken;
  }
  std::size_t on_chunk_body_impl(std::uint64_t, View bytes, Error& error) override {
    return on_body_impl(bytes, error);
  }
  void on_response_impl(int, View, int, Error&) override {}
  void on_body_init_impl(boost::optional<std::uint64_t> const&, Error&) override {}
  void on_chunk_header_impl(std::uint64_t, View, Error&) override {}
  void on_finish_impl(Error&) override {}

  Request& request_;
  std::string& target_;
  int version_ = 11;
  std::span<char> room_;
  std::size_t received_ = 0;
  bool in_trailer_ = false;
};

}  // namespace bihuan::http
