// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/asio/buffer.hpp>

#include "api/http/forwarded.hpp"
#include "api/http/head_check.hpp"
#include "api/http/request_parser.hpp"
#include "api/http/target.hpp"
#include "engine/format/csv.hpp"
#include "engine/store/sql/cursor.hpp"
#include "tools/fuzz/must.hpp"
#include "tools/fuzz/targets.hpp"

namespace bihuan::fuzz {
namespace {

constexpr std::size_t head_limit = 16 * 1024;
constexpr std::size_t field_limit = 100;
constexpr std::size_t body_limit = 64 * 1024;

std::string encoded(std::string_view text) {
  static constexpr char hex[] = "0123456789ABCDEF";
  std::string result;
  for (char const character : text) {
    auto const byte = static_cast<unsigned char>(character);
    result += {'%', hex[byte >> 4U], hex[byte & 15U]};
  }
  return result;
}

}  // namespace

void target(std::string_view bytes) {
  http::Request request;
  if (http::parse_target(bytes, request)) return;
  must(http::is_utf8(request.path), "what is decoded is UTF-8");
  std::string again;
  for (auto const& segment : request.segments) {
    bool const last = &segment == &request.segments.back();
    must(segment != ".." && segment != "." && (last || !segment.empty()), "no segment leads elsewhere");
    must(http::is_utf8(segment), "what is decoded is UTF-8");
    again += "/" + encoded(segment);
  }
  for (auto const& [name, value] : request.query) {
    must(http::is_utf8(name) && http::is_utf8(value), "what is decoded is UTF-8");
    again += (&name == &request.query.front().name ? "?" : "&") + encoded(name) + "=" + encoded(value);
  }
  if (request.segments.empty()) again.insert(0, "/");
  http::Request same;
  must(!http::parse_target(again, same), "a target that was taken is taken when it is encoded again");
  auto const same_parameter = [](auto const& left, auto const& right) {
    return left.name == right.name && left.value == right.value;
  };
  must(same.segments == request.segments && std::ranges::equal(same.query, request.query, same_parameter),
       "and means the same");
}

void request(std::string_view bytes) {
  auto const scan = http::scan_head(bytes, 0);
  if (scan.bare_newline || scan.length == 0 || scan.length > head_limit) return;
  auto const head = bytes.substr(0, scan.length);
  // However it comes in pieces, its end is where it is.
  for (std::size_t cut = 1; cut < std::min<std::size_t>(scan.length, 64); ++cut) {
    auto const part = http::scan_head(bytes.substr(0, cut), 0);
    if (part.length == 0 && !part.bare_newline)
      must(http::scan_head(bytes, part.scanned).length == scan.length, "a head ends where it ends");
  }
  auto const fault = http::check_head(head, field_limit);
  http::Request read;
  std::string where;
  http::RequestParser parser(read, where, head_limit);
  boost::beast::error_code error;
  parser.put(boost::asio::buffer(head.data(), head.size()), error);
  if (fault || error) return;
  parser.body_limit(body_limit);
  std::string room(body_limit, '\0');
  std::size_t used = scan.length;
  std::size_t received = 0;
  while (!parser.is_done() && used < bytes.size() && !error) {
    parser.receive_into(std::span<char>(room).subspan(received));
    auto const took = parser.put(boost::asio::buffer(bytes.data() + used, bytes.size() - used), error);
    received += parser.received();
    used += took;
    if (took == 0 && parser.received() == 0) break;
  }
  must(received <= body_limit, "a body is bounded");
}

void forwarded(std::string_view bytes) {
  auto const end = bytes.find('\n');
  http::Headers headers;
  headers.add("X-Forwarded-For", bytes.substr(0, end));
  headers.add("Forwarded", bytes.substr(0, end));
  headers.add("X-Forwarded-Proto", end == std::string_view::npos ? "" : bytes.substr(end + 1));
  for (auto const header : {http::ProxyHeader::x_forwarded, http::ProxyHeader::forwarded}) {
    auto const origin = http::origin_of("10.0.0.1", false, headers,
                                        {.networks = {*http::Network::parse("10.0.0.0/8")}, .header = header});
    must(http::parse_address(origin.address).has_value(), "a client has an address");
    auto const stranger = http::origin_of("192.0.2.7", false, headers,
                                          {.networks = {*http::Network::parse("10.0.0.0/8")}, .header = header});
    must(stranger.address == "192.0.2.7" && !stranger.secure, "who is not trusted is not believed");
  }
  (void)http::Network::parse(bytes);
}

void cursor(std::string_view bytes) {
  auto const position = sql::position_of(std::string(bytes), "query");
  if (!position || !*position) return;
  auto const again = sql::position_of(sql::cursor_of(**position, "query"), "query");
  must(again.has_value() && (*again)->key == (*position)->key && (*again)->id == (*position)->id,
       "a cursor is the same written and read again");
}

void csv(std::string_view bytes) {
  CsvLine line;
  line.text(bytes);
  line.text("end");
  auto const written = line.take();
  // Read as RFC 4180 reads it: two cells, and none that a spreadsheet would calculate.
  std::string cell;
  std::size_t place = 0;
  bool const quoted = written.starts_with('"');
  if (quoted) {
    for (place = 1; place < written.size(); ++place) {
      if (written[place] != '"') {
        cell += written[place];
      } else if (place + 1 < written.size() && written[place + 1] == '"') {
        cell += written[place++];
      } else {
        ++place;
        break;
      }
    }
  } else {
    place = written.find(',');
    cell = written.substr(0, place);
    must(cell.find_first_of("\"\r\n") == std::string::npos, "a cell that needs quotes has them");
  }
  must(written.substr(place).starts_with(",end"), "a line has as many cells as were written");
  must(cell == bytes || cell == "'" + std::string(bytes), "a cell is what was written, marked where it must be");
  must(cell.empty() || std::string_view("=+-@").find(cell.front()) == std::string_view::npos, "no cell is a formula");
}

}  // namespace bihuan::fuzz
