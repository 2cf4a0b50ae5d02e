// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include "api/http/target.hpp"
#include "api/routes/answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"

namespace bihuan::routes {
namespace {

constexpr std::size_t name_limit = 255;  // bytes, as file systems have it

Response header_refused(std::string_view name, std::string_view value, std::string_view expected,
                        Request const& request) {
  return parameter_problem(
      refusal(Code::bad_format, "/header/" + std::string(name), {{"value", value}, {"expected", message(expected)}}),
      request);
}

bool is_token_character(char character) {
  return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
         std::string_view("!#$&-^_.+").find(character) != std::string_view::npos;
}

bool is_media_type(std::string_view text) {
  auto const slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == text.size() || text.size() > name_limit) {
    return false;
  }
  return std::ranges::all_of(text.substr(0, slash), is_token_character) &&
         std::ranges::all_of(text.substr(slash + 1), is_token_character);
}

// Lower case, without parameters.
Step<std::string> read_media_type(Request const& request) {
  auto const given = request.headers.find("content-type").value_or("");
  std::string type(given.substr(0, given.find(';')));
  while (type.ends_with(' ')) type.pop_back();
  std::ranges::transform(type, type.begin(), [](char character) {
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a') : character;
  });
  if (!is_media_type(type)) {
    return tl::make_unexpected(header_refused("Content-Type", given, "expected.media_type", request));
  }
  return type;
}

// Shown to people and given back to their browsers, never a path of ours; one that could be a path is refused
// all the same.
Step<std::string> read_file_name(Request const& request) {
  auto const given = request.headers.find("x-file-name");
  if (!given) {
    return tl::make_unexpected(
        parameter_problem(refusal(Code::missing, "/header/X-File-Name", {{"name", "X-File-Name"}}), request));
  }
  auto name = http::percent_decoded(*given, false);
  bool const well_formed = name && !name->empty() && name->find_first_of("/\\\n\t") == std::string::npos &&
                           !check_text(*name, name_limit, {});
  if (!well_formed) {
    return tl::make_unexpected(header_refused("X-File-Name", *given, "expected.file_name", request));
  }
  return std::move(*name);
}

// Fits the body's pieces, as they arrive, to what the store asks for.
class BodyAsSource {
 public:
  explicit BodyAsSource(http::BodyReader& reader) : reader_(reader) {}

  std::size_t operator()(std::span<char> into) {
    if (piece_.empty()) piece_ = reader_.next();
    auto const size = std::min(piece_.size(), into.size());
    if (size != 0) std::memcpy(into.data(), piece_.data(), size);
    piece_ = piece_.subspan(size);
    return size;
  }

 private:
  http::BodyReader& reader_;
  std::span<char const> piece_;
};

// Only what a browser shows without running anything goes out under its own name. SVG and HTML run scripts.
std::string served_type(std::string const& type) {
  static constexpr std::string_view harmless[] = {"application/pdf",          "application/zip", "application/msword",
                                                  "application/vnd.ms-excel", "text/plain",      "text/csv"};
  static constexpr std::string_view harmless_families[] = {"image/", "audio/", "video/",
                                                           "application/vnd.openxmlformats-officedocument.",
                                                           "application/vnd.oasis.opendocument."};
  bool const known =
      std::ranges::find(harmless, type) != std::end(harmless) ||
      std::ranges::any_of(harmless_families, [&](std::string_view family) { return type.starts_with(family); });
  return known && !type.starts_with("image/svg") ? type : "application/octet-stream";
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && std::ranges::all_of(text, [](char character) {
           return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'f');
         });
}

// Given to who uploaded it and to who sees a case that carries it; for all others it does not exist.
std::optional<Attachment> find_attachment(std::string const& sha256, Context& context, Caller const& caller) {
  if (!is_sha256(sha256)) return std::nullopt;
  auto& attachments = context.store.attachments();
  auto own = attachments.find_upload(sha256, caller.person.id);
  if (own) return own;
  return attachments.find_in_cases(sha256, context.cases.visibility(caller.actor));
}

// Its name is left out: it may name people.
Seen look_at_bytes(std::string const& sha256, bool found) {
  return {.kind = AuditKind::attachment_downloaded,
          .detail = {{"found", found}, {"sha256", is_sha256(sha256) ? Json(sha256) : Json()}}};
}

http::BodySource bytes_of(Attachment const& attachment, AttachmentStore& store) {
  return [sha256 = attachment.sha256, &store, offset = std::int64_t{0}](std::span<char> into) mutable {
    auto const size = store.read(sha256, offset, into);
    offset += static_cast<std::int64_t>(size);
    return size;
  };
}

}  // namespace

Response upload_attachment(Request& request, Context& context) {
  auto const type = read_media_type(request);
  if (!type) return type.error();
  auto const name = read_file_name(request);
  if (!name) return name.error();
  BodyAsSource source(*request.reader);
  auto const kept = context.store.attachments().put(*name, *type, caller_of(request).person.id, std::ref(source));
  auto response =
      json_answer(201, {{"sha256", kept.sha256}, {"size", kept.size}, {"type", kept.type}, {"name", kept.name}});
  response.headers.add("Location", "/api/v1/attachments/" + kept.sha256);
  return response;
}

Response get_attachment(Request& request, Context& context) {
  auto const& sha256 = request.path_parameter("sha256");
  auto const found = find_attachment(sha256, context, caller_of(request));
  if (auto full = record(request, context, look_at_bytes(sha256, found.has_value()))) return std::move(*full);
  if (!found) return http::problem(refusal(Code::not_found, {}), request);
  auto const tag = '"' + found->sha256 + '"';
  if (has_current(request, tag)) return not_modified(tag);
  Response response;
  response.headers.add("Content-Type", served_type(found->type));
  response.headers.add("Content-Disposition", "attachment; filename*=UTF-8''" + percent_encoded(found->name));
  response.headers.add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
  response.headers.add("Cache-Control", "private, no-cache");
  response.headers.add("ETag", tag);
  response.source = bytes_of(*found, context.store.attachments());
  response.source_length = static_cast<std::uint64_t>(found->size);
  return response;
}

}  // namespace bihuan::routes
