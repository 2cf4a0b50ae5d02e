// SPDX-License-Identifier: Apache-2.0
#include "engine/service/zip.hpp"

#include <zip.h>

#include <algorithm>
#include <exception>
#include <list>
#include <set>
#include <utility>

#include "engine/store/digest.hpp"
#include "engine/store/store_fault.hpp"

namespace bihuan {
namespace {

constexpr std::size_t piece_size = 64 * 1024;

// What libzip reads an entry from. An exception must not pass through C: it waits for finish().
struct EntrySource {
  ByteSource read;
  std::int64_t size = 0;
  Instant made{};
  std::exception_ptr* fault = nullptr;
  zip_error_t error{};

  zip_int64_t take(void* data, zip_uint64_t length) {
    try {
      return static_cast<zip_int64_t>(read({static_cast<char*>(data), static_cast<std::size_t>(length)}));
    } catch (...) {
      *fault = std::current_exception();
      zip_error_set(&error, ZIP_ER_READ, 0);
      return -1;
    }
  }

  void describe(zip_stat_t& status) const {
    zip_stat_init(&status);
    status.size = static_cast<zip_uint64_t>(size);
    status.mtime = made.time_since_epoch().count();
    status.comp_method = ZIP_CM_STORE;
    status.encryption_method = ZIP_EM_NONE;
    status.valid = ZIP_STAT_SIZE | ZIP_STAT_MTIME | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  }
};

zip_int64_t answer(void* state, void* data, zip_uint64_t length, zip_source_cmd_t command) {
  auto& source = *static_cast<EntrySource*>(state);
  switch (command) {
    case ZIP_SOURCE_READ: return source.take(data, length);
    case ZIP_SOURCE_STAT: source.describe(*static_cast<zip_stat_t*>(data)); return sizeof(zip_stat_t);
    case ZIP_SOURCE_ERROR: return zip_error_to_data(&source.error, data, length);
    case ZIP_SOURCE_SUPPORTS:
      return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
                                            ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
    default: return 0;
  }
}

}  // namespace

struct ZipWriter::Parts {
  zip_t* archive = nullptr;
  Instant made{};
  std::list<std::string> texts;  // libzip reads them when it closes
  std::list<EntrySource> sources;
  std::exception_ptr fault;

  [[noreturn]] void fail() const { throw StoreFault(std::string("archive: ") + zip_strerror(archive)); }

  void add(std::string const& name, zip_source_t* source, zip_int32_t method) {
    if (source == nullptr) fail();
    auto const index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      zip_source_free(source);
      fail();
    }
    auto const entry = static_cast<zip_uint64_t>(index);
    zip_set_file_compression(archive, entry, method, 0);
    zip_file_set_mtime(archive, entry, made.time_since_epoch().count(), 0);
  }
};

ZipWriter::ZipWriter(std::filesystem::path const& path, Instant made) : parts_(std::make_unique<Parts>()) {
  int code = 0;
  parts_->made = made;
  parts_->archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  if (parts_->archive == nullptr) throw StoreFault("archive: cannot be made at " + path.string());
}

ZipWriter::~ZipWriter() {
  if (parts_->archive != nullptr) zip_discard(parts_->archive);
}

void ZipWriter::add(std::string const& name, std::string bytes) {
  auto const& kept = parts_->texts.emplace_back(std::move(bytes));
  parts_->add(name, zip_source_buffer(parts_->archive, kept.data(), kept.size(), 0), ZIP_CM_DEFLATE);
}

void ZipWriter::add(std::string const& name, std::int64_t size, ByteSource source) {
  auto& kept = parts_->sources.emplace_back(EntrySource{std::move(source), size, parts_->made, &parts_->fault});
  parts_->add(name, zip_source_function(parts_->archive, answer, &kept), ZIP_CM_STORE);
}

void ZipWriter::finish() {
  bool const closed = zip_close(parts_->archive) == 0;
  if (closed) parts_->archive = nullptr;
  if (parts_->fault) std::rethrow_exception(parts_->fault);
  if (!closed) parts_->fail();
}

struct ZipReader::Handle {
  zip_t* archive = nullptr;
  explicit Handle(zip_t* opened) : archive(opened) {}
  ~Handle() { zip_discard(archive); }
  Handle(Handle const&) = delete;
  Handle& operator=(Handle const&) = delete;

  // Hands the bytes of an entry on in pieces; false when it is not there or damaged, or `take` has enough.
  template <class Take>
  [[nodiscard]] bool read(std::string_view name, Take const& take) const {
    auto* const file = zip_fopen(archive, std::string(name).c_str(), 0);
    if (file == nullptr) return false;
    std::string piece(piece_size, '\0');
    zip_int64_t size = 0;
    bool wanted = true;
    while (wanted && (size = zip_fread(file, piece.data(), piece.size())) > 0)
      wanted = take(std::string_view(piece).substr(0, static_cast<std::size_t>(size)));
    bool const whole = wanted && size == 0;
    return zip_fclose(file) == 0 && whole;
  }
};

ZipReader::ZipReader(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
ZipReader::~ZipReader() = default;
ZipReader::ZipReader(ZipReader&& other) noexcept = default;
ZipReader& ZipReader::operator=(ZipReader&& other) noexcept = default;

std::optional<ZipReader> ZipReader::open(std::filesystem::path const& path) {
  int code = 0;
  auto* const archive = zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code);
  if (archive == nullptr) return std::nullopt;
  ZipReader reader(std::make_unique<Handle>(archive));
  std::set<std::string> seen;
  for (zip_int64_t index = 0; index < zip_get_num_entries(archive, 0); ++index) {
    auto const* const name = zip_get_name(archive, static_cast<zip_uint64_t>(index), ZIP_FL_ENC_GUESS);
    if (name == nullptr || !seen.insert(name).second) return std::nullopt;
    reader.names_.emplace_back(name);
  }
  return reader;
}

std::optional<std::string> ZipReader::read(std::string_view name, std::size_t limit) const {
  std::string bytes;
  bool const whole = handle_->read(name, [&](std::string_view piece) {
    bytes += piece;
    return bytes.size() <= limit;
  });
  return whole ? std::optional(std::move(bytes)) : std::nullopt;
}

std::optional<ZipReader::Described> ZipReader::describe(std::string_view name) const {
  Described described;
  Digest digest;
  bool const whole = handle_->read(name, [&](std::string_view piece) {
    digest.update(piece);
    described.size += static_cast<std::int64_t>(piece.size());
    return true;
  });
  if (!whole) return std::nullopt;
  described.sha256 = digest.finish();
  return described;
}

}  // namespace bihuan
