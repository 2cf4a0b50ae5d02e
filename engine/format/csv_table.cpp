// SPDX-License-Identifier: Apache-2.0
#include <csv.h>

#include <algorithm>
#include <array>
#include <deque>
#include <fstream>

#include "engine/core/message.hpp"
#include "engine/format/csv.hpp"
#include "engine/format/table_formats.hpp"
#include "engine/format/text_encoding.hpp"
#include "engine/store/store_fault.hpp"

namespace bihuan {
namespace {

constexpr std::size_t piece_size = std::size_t{64} * 1024;

std::size_t read_piece(std::ifstream& file, std::array<char, piece_size>& room) {
  file.read(room.data(), static_cast<std::streamsize>(room.size()));
  if (file.bad()) throw StoreFault("a file cannot be read");
  return static_cast<std::size_t>(file.gcount());
}

// Spreadsheets of some languages write semicolons, and what is copied out of one has tabs.
char delimiter_of(std::string_view start) {
  auto const line = start.substr(0, start.find('\n'));
  char best = ',';
  std::ptrdiff_t most = 0;
  for (char const candidate : {',', '\t', ';'}) {
    auto const count = std::ranges::count(line, candidate);
    if (count > most) {
      best = candidate;
      most = count;
    }
  }
  return best;
}

class CsvTable final : public Table {
 public:
  CsvTable(std::filesystem::path const& path, TableLimits const& limits)
      : limits_(limits), decoder_(guess(path)), file_(path, std::ios::binary) {
    if (!file_) throw StoreFault("a file cannot be read");
    // At the end a quote that nobody closed is a fault: it would swallow the rest of the file unseen.
    if (csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc();
  }
  ~CsvTable() override { csv_free(&parser_); }

  [[nodiscard]] Format format() const override { return Format::csv; }

  [[nodiscard]] Result<std::optional<TableRow>> next() override {
    while (true) {
      while (!rows_.empty()) {
        auto row = std::move(rows_.front());
        rows_.pop_front();
        bool const empty = std::ranges::all_of(row.cells, [](TableCell const& cell) { return cell.text.empty(); });
        if (empty) continue;
        row.place = places_++;
        return std::optional(std::move(row));
      }
      if (fault_) return refused(*std::exchange(fault_, std::nullopt));
      if (ended_) return std::optional<TableRow>();
      if (auto fault = read_on()) {
        ended_ = true;
        fault_ = std::move(*fault);
      }
    }
  }

 private:
  static Encoding guess(std::filesystem::path const& path) {
    EncodingGuess guess;
    std::ifstream file(path, std::ios::binary);
    std::array<char, piece_size> room{};
    while (auto const size = read_piece(file, room)) guess.look({room.data(), size});
    return guess.encoding();
  }

  std::optional<Refusal> read_on() {
    std::array<char, piece_size> room{};
    auto const size = read_piece(file_, room);
    auto const decoded = decoder_.decode({room.data(), size}, size == 0);
    if (!decoded) return decoded.error().front();
    if (!begun_ && !decoded->empty()) {
      begun_ = true;
      csv_set_delim(&parser_, static_cast<unsigned char>(delimiter_of(*decoded)));
    }
    if (csv_parse(&parser_, decoded->data(), decoded->size(), end_of_cell, end_of_row, this) != decoded->size()) {
      return broken();
    }
    if (size == 0) {
      ended_ = true;
      if (csv_fini(&parser_, end_of_cell, end_of_row, this) != 0) return broken();
    }
    return too_large_;
  }

  [[nodiscard]] Refusal broken() const {
    return refusal(Code::bad_format, "/rows/" + std::to_string(lines_ + 1),
                   {{"value", "CSV"}, {"expected", message("expected.csv_row")}});
  }

  static void end_of_cell(void* bytes, std::size_t size, void* self) {
    static_cast<CsvTable*>(self)->add_cell({static_cast<char const*>(bytes), bytes == nullptr ? 0 : size});
  }
  static void end_of_row(int, void* self) { static_cast<CsvTable*>(self)->add_row(); }

  void add_cell(std::string_view text) {
    if (row_.cells.size() == limits_.columns || text.size() > limits_.cell) {
      if (!too_large_) too_large_ = too_large("/rows/" + std::to_string(lines_ + 1), limits_);
      return;
    }
    row_.cells.push_back({.text = csv_unguarded(text)});
  }

  void add_row() {
    row_.line = ++lines_;
    if (lines_ > limits_.rows && !too_large_) too_large_ = too_large("/rows", limits_);
    if (!too_large_) rows_.push_back(std::exchange(row_, {}));
  }

  TableLimits limits_;
  Decoder decoder_;
  std::ifstream file_;
  csv_parser parser_{};
  bool begun_ = false;
  bool ended_ = false;
  TableRow row_{};
  std::size_t lines_ = 0;
  std::size_t places_ = 0;
  std::deque<TableRow> rows_;
  std::optional<Refusal> too_large_;
  std::optional<Refusal> fault_;
};

}  // namespace

Result<std::unique_ptr<Table>> open_csv(std::filesystem::path const& file, TableLimits const& limits) {
  return std::make_unique<CsvTable>(file, limits);
}

}  // namespace bihuan
