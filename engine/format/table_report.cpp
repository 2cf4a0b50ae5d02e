// SPDX-License-Identifier: Apache-2.0
#include "engine/format/table_report.hpp"

#include <xlsxwriter.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>

#include "engine/format/csv.hpp"
#include "engine/store/store_fault.hpp"

namespace bihuan {
namespace {

constexpr std::size_t rows_of_a_sheet = 1'000'000;

[[noreturn]] void fail(std::string const& why) {
  throw StoreFault("a report cannot be written: " + why);
}

void must(lxw_error error) {
  // What is longer than a cell has room for is cut by nobody else.
  if (error != LXW_NO_ERROR && error != LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED) fail(lxw_strerror(error));
}

// Where the errors of an earlier report stand, if the header has them, and how wide the table is.
class Shape {
 public:
  explicit Shape(TableRow const& header) : width_(header.cells.size()) {
    auto const errors = message("table.errors");
    for (std::size_t place = 0; place < header.cells.size(); ++place) {
      auto const& title = header.cells[place].text;
      if (title == errors.zh || title == errors.en) earlier_ = place;
      if (title == "id" || title == "revision") hidden_.push_back(place);
    }
  }

  // What goes out of a row, each at its place.
  [[nodiscard]] std::vector<std::string> cells(TableRow const& row, std::string const& errors) const {
    std::vector<std::string> cells;
    for (std::size_t place = 0; place < width_; ++place) {
      if (place == earlier_) continue;
      cells.push_back(place < row.cells.size() ? row.cells[place].text : std::string());
    }
    cells.push_back(errors);
    return cells;
  }
  [[nodiscard]] std::vector<std::size_t> const& hidden() const { return hidden_; }

 private:
  std::size_t width_;
  std::optional<std::size_t> earlier_;
  std::vector<std::size_t> hidden_;
};

class CsvReport final : public TableReport {
 public:
  CsvReport(std::string const& path, Language language) : file_(path, std::ios::binary), language_(language) {
    if (!file_) fail(path);
    file_ << byte_order_mark;
  }

  void add(TableRow const& row, std::string const& errors) override {
    bool const header = !shape_;
    if (header) shape_.emplace(row);
    CsvLine line;
    for (auto const& cell : shape_->cells(row, header ? in(language_, message("table.errors")) : errors))
      line.text(cell);
    file_ << line.take();
  }

  void finish() override {
    file_.flush();
    if (!file_) fail("the disk");
  }

 private:
  std::ofstream file_;
  Language language_;
  std::optional<Shape> shape_;
};

class SheetReport final : public TableReport {
 public:
  SheetReport(std::string const& path, Language language) : language_(language) {
    auto directory = std::filesystem::temp_directory_path().string();
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    options.tmpdir = directory.data();
    book_.reset(workbook_new_opt(path.c_str(), &options));
    if (!book_) fail(path);
    bold_ = workbook_add_format(book_.get());
    wrong_ = workbook_add_format(book_.get());
    if (bold_ == nullptr || wrong_ == nullptr) fail("memory");
    format_set_bold(bold_);
    format_set_font_color(wrong_, 0xA11D15);
  }

  void add(TableRow const& row, std::string const& errors) override {
    if (!shape_) {
      shape_.emplace(row);
      titles_ = shape_->cells(row, in(language_, message("table.errors")));
      add_sheet();
      return;
    }
    if (line_ == rows_of_a_sheet) add_sheet();
    write(shape_->cells(row, errors), wrong_);
  }

  void finish() override {
    if (sheet_ == nullptr) add_sheet();
    must(workbook_close(book_.release()));
  }

 private:
  struct Free {
    void operator()(lxw_workbook* book) const { lxw_workbook_free(book); }
  };

  void add_sheet() {
    sheet_ = workbook_add_worksheet(book_.get(), nullptr);
    if (sheet_ == nullptr) fail("memory");
    line_ = 0;
    worksheet_freeze_panes(sheet_, 1, 0);
    lxw_row_col_options hidden{};
    hidden.hidden = LXW_TRUE;
    if (shape_) {
      for (auto const place : shape_->hidden()) {
        auto const at = static_cast<lxw_col_t>(place);
        must(worksheet_set_column_opt(sheet_, at, at, LXW_DEF_COL_WIDTH, nullptr, &hidden));
      }
    }
    write(titles_, bold_);
  }

  void write(std::vector<std::string> const& cells, lxw_format* format_of_last) {
    for (std::size_t place = 0; place < cells.size(); ++place) {
      if (cells[place].empty()) continue;
      bool const last = place + 1 == cells.size() || line_ == 0;
      // As strings, so that nothing in them is a formula.
      must(worksheet_write_string(sheet_, line_, static_cast<lxw_col_t>(place), cells[place].c_str(),
                                  last ? format_of_last : nullptr));
    }
    ++line_;
  }

  Language language_;
  std::unique_ptr<lxw_workbook, Free> book_;
  lxw_worksheet* sheet_ = nullptr;
  lxw_format* bold_ = nullptr;
  lxw_format* wrong_ = nullptr;
  lxw_row_t line_ = 0;
  std::optional<Shape> shape_;
  std::vector<std::string> titles_;
};

}  // namespace

std::unique_ptr<TableReport> make_report(Table::Format format, std::string const& path, Language language) {
  if (format == Table::Format::xlsx) return std::make_unique<SheetReport>(path, language);
  return std::make_unique<CsvReport>(path, language);
}

}  // namespace bihuan
