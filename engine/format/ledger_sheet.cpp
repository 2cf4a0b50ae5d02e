// SPDX-License-Identifier: Apache-2.0
#include "engine/format/ledger_sheet.hpp"

#include <xlsxwriter.h>

#include <array>
#include <charconv>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>

#include "engine/core/utf8.hpp"
#include "engine/store/store_fault.hpp"

namespace bihuan {
namespace {

using Kind = LedgerCell::Kind;

constexpr lxw_col_t first_column = 2;  // id and revision stand before it, hidden
constexpr std::size_t most_characters = 32'767;

void must(lxw_error error) {
  if (error != LXW_NO_ERROR) throw StoreFault(std::string("writing a workbook: ") + lxw_strerror(error));
}

struct Colours {
  lxw_color_t text;
  lxw_color_t ground;
};

// As the page has them.
Colours colours_of(Light light) {
  switch (light) {
    case Light::green: return {0x165C32, 0xE3F3E8};
    case Light::yellow: return {0x6B4500, 0xFFF1CC};
    case Light::red: return {0xA11D15, 0xFDE8E6};
    case Light::grey: break;
  }
  return {0x4A5361, 0xECEFF3};
}

double width_of(LedgerColumn const& column) {
  if (column.key == "title") return 44;
  switch (column.type) {
    case FieldType::date: return 12;
    case FieldType::instant: return 17;
    case FieldType::number:
    case FieldType::money: return 14;
    case FieldType::yes_no: return 10;
    default: return column.key == "light" ? 9 : 20;
  }
}

// What a cell has room for.
std::string fitted(std::string const& text) {
  if (text.size() <= most_characters) return text;
  auto const units = utf16_from(text);
  if (units.size() <= most_characters) return text;
  return utf8_from(std::u16string_view(units).substr(0, most_characters - 1)) + "…";
}

int number_at(std::string const& text, std::size_t at, std::size_t length) {
  int value = 0;
  std::from_chars(text.data() + at, text.data() + at + length, value);
  return value;
}

// Of YYYY-MM-DD, or of what begins with YYYY-MM-DDThh:mm:ss: the time on the wall.
lxw_datetime time_of(std::string const& text) {
  lxw_datetime time{};
  time.year = number_at(text, 0, 4);
  time.month = number_at(text, 5, 2);
  time.day = number_at(text, 8, 2);
  if (text.size() < 19) return time;
  time.hour = number_at(text, 11, 2);
  time.min = number_at(text, 14, 2);
  time.sec = number_at(text, 17, 2);
  return time;
}

// Nothing when a spreadsheet's numbers are too coarse for it.
std::optional<double> exact_number(std::string const& text) {
  double value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr double most = 1e15;
  if (error != std::errc() || end != text.data() + text.size() || std::abs(value) > most) return std::nullopt;
  return value;
}

class Workbook {
 public:
  Workbook(std::vector<LedgerColumn> const& columns, SheetAbout const& about, std::string const& path,
           std::size_t rows_of_each)
      : columns_(columns), language_(about.language), rows_of_each_(rows_of_each) {
    auto directory = std::filesystem::temp_directory_path().string();
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    options.tmpdir = directory.data();
    book_.reset(workbook_new_opt(path.c_str(), &options));
    if (!book_) throw StoreFault("a workbook could not be begun");
    describe(about);
    make_formats();
  }

  void write(NextRows const& next_rows) {
    add_sheet();
    for (auto rows = next_rows(); !rows.empty(); rows = next_rows()) {
      for (auto const& row : rows) write_row(row);
    }
    end_sheet();
    write_choices();
    must(workbook_close(book_.release()));
  }

 private:
  struct Free {
    // Only of one that was not closed: an exception is on its way.
    void operator()(lxw_workbook* book) const { lxw_workbook_free(book); }
  };

  void describe(SheetAbout const& about) {
    auto title = text_of("ledger.sheet");
    auto author = about.author;
    lxw_doc_properties properties{};
    properties.title = title.data();
    properties.author = author.data();
    properties.created = static_cast<std::time_t>(about.made.time_since_epoch().count());
    must(workbook_set_properties(book_.get(), &properties));
  }

  [[nodiscard]] std::string text_of(char const* key) const { return in(language_, message(key)); }

  lxw_format* new_format() {
    auto* const format = workbook_add_format(book_.get());
    if (format == nullptr) throw StoreFault("a workbook's format could not be made");
    return format;
  }

  void make_formats() {
    titles_ = new_format();
    format_set_bold(titles_);
    format_set_bg_color(titles_, 0xE8EDF4);
    format_set_bottom(titles_, LXW_BORDER_THIN);
    date_ = new_format();
    format_set_num_format(date_, "yyyy-mm-dd");
    instant_ = new_format();
    format_set_num_format(instant_, "yyyy-mm-dd hh:mm");
    money_ = new_format();
    format_set_num_format(money_, "#,##0.00");
    for (auto const light : {Light::green, Light::yellow, Light::red, Light::grey}) {
      auto* const format = lights_.at(static_cast<std::size_t>(light)) = new_format();
      auto const [text, ground] = colours_of(light);
      format_set_font_color(format, text);
      format_set_bg_color(format, ground);
    }
  }

  lxw_worksheet* new_sheet(std::string const& name) {
    auto* const sheet = workbook_add_worksheet(book_.get(), name.c_str());
    if (sheet == nullptr) throw StoreFault("a workbook's sheet could not be made");
    return sheet;
  }

  void add_sheet() {
    auto name = text_of("ledger.sheet");
    if (++sheets_ > 1) name += ' ' + std::to_string(sheets_);
    sheet_ = new_sheet(name);
    used_ = 0;
    worksheet_freeze_panes(sheet_, 1, first_column + 1);
    worksheet_set_landscape(sheet_);
    worksheet_set_paper(sheet_, 9);  // A4
    worksheet_fit_to_pages(sheet_, 1, 0);
    must(worksheet_repeat_rows(sheet_, 0, 0));
    must(worksheet_set_footer(sheet_, "&C&P / &N"));
    lxw_row_col_options hidden{};
    hidden.hidden = LXW_TRUE;
    must(worksheet_set_column_opt(sheet_, 0, first_column - 1, LXW_DEF_COL_WIDTH, nullptr, &hidden));
    must(worksheet_write_string(sheet_, 0, 0, "id", titles_));
    must(worksheet_write_string(sheet_, 0, 1, "revision", titles_));
    auto place = first_column;
    for (auto const& column : columns_) {
      must(worksheet_set_column(sheet_, place, place, width_of(column), nullptr));
      must(worksheet_write_string(sheet_, 0, place++, fitted(column.title).c_str(), titles_));
    }
  }

  void write_row(LedgerRow const& row) {
    if (used_ == rows_of_each_) {
      end_sheet();
      add_sheet();
    }
    auto const line = static_cast<lxw_row_t>(++used_);
    must(worksheet_write_string(sheet_, line, 0, row.id.c_str(), nullptr));
    must(worksheet_write_number(sheet_, line, 1, static_cast<double>(row.revision), nullptr));
    for (std::size_t place = 0; place < row.cells.size(); ++place) {
      write_cell(line, place, row.cells[place], row.light);
    }
  }

  void write_cell(lxw_row_t line, std::size_t place, LedgerCell const& cell, Light light) {
    auto const& column = columns_[place];
    auto const at = static_cast<lxw_col_t>(first_column + place);
    auto* const format = column.key == "light" ? lights_.at(static_cast<std::size_t>(light)) : nullptr;
    if (cell.kind == Kind::nothing) return;
    if (cell.kind == Kind::date || cell.kind == Kind::instant) {
      auto time = time_of(cell.text);
      must(worksheet_write_datetime(sheet_, line, at, &time, cell.kind == Kind::date ? date_ : instant_));
      return;
    }
    if (auto const number = cell.kind == Kind::number ? exact_number(cell.text) : std::nullopt) {
      must(worksheet_write_number(sheet_, line, at, *number, column.type == FieldType::money ? money_ : nullptr));
      return;
    }
    // As a string, so that nothing in it is a formula.
    must(worksheet_write_string(sheet_, line, at, fitted(cell.text).c_str(), format));
  }

  // What can be said only when it is known how many rows there are.
  void end_sheet() {
    auto const last = static_cast<lxw_row_t>(used_);
    auto const columns = columns_.size();
    must(worksheet_autofilter(sheet_, 0, first_column, last, static_cast<lxw_col_t>(first_column + columns - 1)));
    if (used_ == 0) return;
    lxw_row_t list = 0;
    for (std::size_t place = 0; place < columns; ++place) {
      auto const& choices = columns_[place].choices;
      if (choices.empty()) continue;
      auto formula = range_of_choices(list++, choices.size());
      lxw_data_validation rule{};
      rule.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
      rule.value_formula = formula.data();
      rule.ignore_blank = LXW_VALIDATION_ON;
      rule.dropdown = LXW_VALIDATION_ON;
      auto const at = static_cast<lxw_col_t>(first_column + place);
      must(worksheet_data_validation_range(sheet_, 1, at, last, at, &rule));
    }
  }

  // The title stands before them.
  [[nodiscard]] std::string range_of_choices(lxw_row_t list, std::size_t count) const {
    std::array<char, LXW_MAX_CELL_RANGE_LENGTH> range{};
    lxw_rowcol_to_range_abs(range.data(), list, 1, list, static_cast<lxw_col_t>(count));
    return "='" + text_of("ledger.choices") + "'!" + range.data();
  }

  // On a sheet of their own: a list that stands in the rule itself has room for 255 characters and no comma.
  void write_choices() {
    lxw_row_t list = 0;
    lxw_worksheet* sheet = nullptr;
    for (auto const& column : columns_) {
      if (column.choices.empty()) continue;
      if (sheet == nullptr) sheet = new_sheet(text_of("ledger.choices"));
      must(worksheet_write_string(sheet, list, 0, fitted(column.title).c_str(), nullptr));
      lxw_col_t at = 1;
      for (auto const& choice : column.choices) {
        must(worksheet_write_string(sheet, list, at++, fitted(choice).c_str(), nullptr));
      }
      ++list;
    }
    if (sheet != nullptr) worksheet_hide(sheet);
  }

  std::vector<LedgerColumn> const& columns_;
  Language language_;
  std::size_t rows_of_each_;
  std::unique_ptr<lxw_workbook, Free> book_;
  lxw_worksheet* sheet_ = nullptr;
  std::size_t sheets_ = 0;
  std::size_t used_ = 0;  // rows of the present sheet, below its titles
  lxw_format* titles_ = nullptr;
  lxw_format* date_ = nullptr;
  lxw_format* instant_ = nullptr;
  lxw_format* money_ = nullptr;
  std::array<lxw_format*, 4> lights_{};
};

}  // namespace

void write_sheet(std::vector<LedgerColumn> const& columns, NextRows const& next_rows, SheetAbout const& about,
                 std::string const& path, std::size_t rows_of_each) {
  Workbook(columns, about, path, rows_of_each).write(next_rows);
}

}  // namespace bihuan
