// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <any>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bihuan::http {

// Header fields in order. Names are compared without case. All text stands in one block, so that a request
// costs two allocations and not two for each field; views stay valid until the next add, set or clear.
class Headers {
 public:
  struct Field {
    std::string_view name;
    std::string_view value;
  };

  Headers() = default;
  Headers(std::initializer_list<Field> fields);

  void add(std::string_view name, std::string_view value);
  // Replaces every field of this name.
  void set(std::string_view name, std::string_view value);
  void clear();

  // The first field of this name.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  [[nodiscard]] bool contains(std::string_view name) const { return find(name).has_value(); }
  [[nodiscard]] std::size_t size() const { return places_.size(); }
  [[nodiscard]] Field at(std::size_t index) const;

 private:
  struct Place {
    std::uint32_t start;
    std::uint32_t name_length;
    std::uint32_t value_length;
  };
  std::string block_;
  std::vector<Place> places_;
};

// Header names are ASCII and compared without case.
[[nodiscard]] bool same_name(std::string_view left, std::string_view right);

struct Parameter {
  std::string name;
  std::string value;
};

// The body of a request as it arrives, for bodies that must not stand in memory.
class BodyReader {
 public:
  BodyReader() = default;
  BodyReader(BodyReader const&) = delete;
  BodyReader& operator=(BodyReader const&) = delete;
  virtual ~BodyReader() = default;

  // The next piece (64 KiB at most), or an empty one at the end; valid until the next call. Blocks until the
  // client has sent it. Throws BodyFault when the body is over the route's limit, malformed, too slow or
  // broken off.
  [[nodiscard]] virtual std::span<char const> next() = 0;
};

// A request body that cannot be read to its end. Let it pass: the server answers it.
class BodyFault : public std::runtime_error {
 public:
  // 400, 408 or 413.
  explicit BodyFault(int status) : std::runtime_error("the request body broke off"), status_(status) {}
  [[nodiscard]] int status() const { return status_; }

 private:
  int status_;
};

struct Request {
  std::string method;
  // Percent-encoded as it was sent, without the query string.
  std::string path;
  std::vector<std::string> segments;       // of the path, decoded
  std::vector<Parameter> query;            // decoded, in order; the router has refused unknown and repeated names
  std::vector<Parameter> path_parameters;  // {id} and its like, decoded
  Headers headers{};
  std::string body;              // whole, for routes with Body::whole
  BodyReader* reader = nullptr;  // for routes with Body::stream
  // The client's: behind a trusted proxy what that says, otherwise who is connected.
  std::string remote_address;
  bool secure = false;  // through TLS, to us or to a trusted proxy
  std::string request_id;
  // Who calls; set by the router's gate and only read by handlers.
  std::any caller;

  // A {name} of the route's pattern; naming another is a programming error and stops the process.
  [[nodiscard]] std::string const& path_parameter(std::string_view name) const;
  [[nodiscard]] std::optional<std::string_view> query_parameter(std::string_view name) const;
  // Empties it for the next request, keeping what memory it has.
  void clear();
};

// Fills `out` from the front and says how much; 0 is the end. Called on worker threads, one call at a time
// but not always the same thread. Throwing breaks the connection off, so that half an answer never looks
// whole.
using BodySource = std::function<std::size_t(std::span<char> out)>;

// An answer that goes on as things happen. While there is nothing to say it holds no worker.
class Feed {
 public:
  Feed() = default;
  Feed(Feed const&) = delete;
  Feed& operator=(Feed const&) = delete;
  virtual ~Feed() = default;

  // What there is to send now, empty when there is nothing yet; nothing at the end. Called on worker threads, one call
  // at a time, and never faster than the client reads. Throwing breaks the connection off.
  [[nodiscard]] virtual std::optional<std::string> next() = 0;
  // What is sent when there has been nothing for a while, so that a broken line is noticed.
  [[nodiscard]] virtual std::string idle() const = 0;
  // From now on `ring` is called, from any thread, whenever next() may have something to say.
  virtual void listen(std::function<void()> ring) = 0;
};

struct Response {
  int status = 200;
  Headers headers{};
  std::string body{};
  // For large bodies, instead of `body`: streamed in constant memory, chunked when the length is not known.
  BodySource source{};
  std::optional<std::uint64_t> source_length{};
  // For answers that go on, instead of both.
  std::shared_ptr<Feed> feed{};
};

}  // namespace bihuan::http
