// SPDX-License-Identifier: Apache-2.0
// Workbooks as Office Open XML has them (ECMA-376): what spreadsheets in use write of it.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <deque>
#include <set>

#include "engine/core/message.hpp"
#include "engine/core/time.hpp"
#include "engine/format/archive_part.hpp"
#include "engine/format/table_formats.hpp"

namespace bihuan {
namespace {

// Relations, styles and the book itself are small.
constexpr std::uint64_t small_part = std::uint64_t{16} * 1024 * 1024;

std::string const& attribute(XmlAttributes const& attributes, std::string_view name) {
  static std::string const none;
  auto const found = attributes.find(name);
  return found == attributes.end() ? none : found->second;
}

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool const all = error == std::errc() && end == text.data() + text.size() && number >= 0;
  return all ? std::optional(number) : std::nullopt;
}

struct SheetName {
  std::string title;
  std::string relation;
};

// xl/workbook.xml: which sheets people see, and from which year its days count.
struct Book final : XmlListener {
  void started(std::string_view name, XmlAttributes const& attributes) override {
    if (name == "workbookPr")
      from_1904 = attribute(attributes, "date1904") == "1" || attribute(attributes, "date1904") == "true";
    if (name != "sheet") return;
    auto const& state = attribute(attributes, "state");
    // `id` stands for r:id as well as for none of sheet's own.
    if (state != "hidden" && state != "veryHidden")
      sheets.push_back({.title = attribute(attributes, "name"), .relation = attribute(attributes, "id")});
  }
  void text(std::string_view) override {}
  void ended(std::string_view) override {}

  std::vector<SheetName> sheets;
  bool from_1904 = false;
};

struct Relations final : XmlListener {
  void started(std::string_view name, XmlAttributes const& attributes) override {
    if (name != "Relationship") return;
    auto target = attribute(attributes, "Target");
    target = target.starts_with('/') ? target.substr(1) : "xl/" + target;
    targets[attribute(attributes, "Id")] = std::move(target);
  }
  void text(std::string_view) override {}
  void ended(std::string_view) override {}

  std::map<std::string, std::string> targets;
};

// Does a number format show a day or a time? Quoted words, colours in brackets and escaped characters do not count.
bool shows_time(std::string_view format) {
  bool quoted = false;
  for (std::size_t at = 0; at < format.size(); ++at) {
    char const c = format[at];
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\\' || c == '_' || c == '*') {
      ++at;
    } else if (c == '[') {
      auto const close = format.find(']', at);
      // [h] is a time that goes on past a day, [Red] is none.
      if (close != std::string_view::npos && close > at + 1 &&
          std::string_view("hms").find(format[at + 1]) != std::string_view::npos)
        return true;
      at = close == std::string_view::npos ? format.size() : close;
    } else if (std::string_view("ymdhs").find(static_cast<char>(std::tolower(static_cast<unsigned char>(c)))) !=
               std::string_view::npos) {
      return true;
    }
  }
  return false;
}

// xl/styles.xml: which styles of cells show a time.
struct Styles final : XmlListener {
  void started(std::string_view name, XmlAttributes const& attributes) override {
    if (name == "numFmt" && shows_time(attribute(attributes, "formatCode"))) {
      if (auto const id = whole(attribute(attributes, "numFmtId"))) formats.insert(*id);
    }
    if (name == "cellXfs") within = true;
    if (name == "xf" && within) {
      auto const id = whole(attribute(attributes, "numFmtId")).value_or(0);
      // These the standard fixes, those of East Asian dates among them.
      bool const fixed =
          (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
      times.push_back(fixed || formats.contains(id));
    }
  }
  void text(std::string_view) override {}
  void ended(std::string_view name) override {
    if (name == "cellXfs") within = false;
  }

  [[nodiscard]] bool is_time(std::size_t style) const { return style < times.size() && times[style]; }

  std::set<std::int64_t> formats;
  std::vector<bool> times;
  bool within = false;
};

// xl/sharedStrings.xml. How a word is pronounced (rPh) is no part of it.
struct Texts final : XmlListener {
  void started(std::string_view name, XmlAttributes const&) override {
    if (name == "si") all.emplace_back();
    if (name == "rPh") ++skipped;
    if (name == "t") within = skipped == 0;
  }
  void text(std::string_view piece) override {
    if (within && !all.empty()) all.back().append(piece);
  }
  void ended(std::string_view name) override {
    if (name == "t") within = false;
    if (name == "rPh") --skipped;
  }

  std::vector<std::string> all;
  int skipped = 0;
  bool within = false;
};

// "B12" is column 1 and row 12.
struct Reference {
  std::size_t column = 0;
  std::size_t row = 0;
};
std::optional<Reference> reference_of(std::string_view text) {
  std::size_t column = 0;
  std::size_t at = 0;
  for (; at < text.size() && text[at] >= 'A' && text[at] <= 'Z' && at < 3; ++at)
    column = column * 26 + static_cast<std::size_t>(text[at] - 'A' + 1);
  auto const row = whole(text.substr(at));
  if (at == 0 || !row) return std::nullopt;
  return Reference{.column = column - 1, .row = static_cast<std::size_t>(*row)};
}

// The rows that merged ranges reach into; they stand behind the rows in the file, so it is read twice.
struct Merges final : XmlListener {
  void started(std::string_view name, XmlAttributes const& attributes) override {
    if (name != "mergeCell") return;
    std::string_view const range = attribute(attributes, "ref");
    auto const colon = range.find(':');
    auto const from = reference_of(range.substr(0, colon));
    auto const to = colon == std::string_view::npos ? from : reference_of(range.substr(colon + 1));
    if (from && to) ranges.emplace_back(from->row, to->row);
  }
  void text(std::string_view) override {}
  void ended(std::string_view) override {}

  // Puts them in order, those that overlap together.
  void finish() {
    std::ranges::sort(ranges);
    std::vector<std::pair<std::size_t, std::size_t>> apart;
    for (auto const& range : ranges) {
      if (!apart.empty() && range.first <= apart.back().second)
        apart.back().second = std::max(apart.back().second, range.second);
      else
        apart.push_back(range);
    }
    ranges = std::move(apart);
  }

  [[nodiscard]] bool reach(std::size_t row) const {
    auto const after = std::ranges::upper_bound(ranges, row, {}, [](auto const& range) { return range.first; });
    return after != ranges.begin() && std::prev(after)->second >= row;
  }

  std::vector<std::pair<std::size_t, std::size_t>> ranges;
};

// A day number as a spreadsheet counts it; a time where it has a fraction.
std::string time_text(double serial, bool from_1904) {
  constexpr double latest = 2'958'466;  // the day after the last of the year 9999
  if (!(serial >= 0) || serial >= latest) return {};
  auto const seconds = static_cast<std::int64_t>(std::llround(serial * 86'400));
  // 1900 is no leap year, whatever spreadsheets say: their first day is the 31st of December before for all that
  // come after February.
  auto const first =
      from_1904 ? std::chrono::sys_days(Date(std::chrono::year(1904), std::chrono::January, std::chrono::day(1)))
                : std::chrono::sys_days(Date(std::chrono::year(1899), std::chrono::December, std::chrono::day(30)));
  auto const day = format_date(Date(first + std::chrono::days(seconds / 86'400)));
  auto const rest = static_cast<int>(seconds % 86'400);
  if (rest == 0) return day;
  char time[16];
  std::snprintf(time, sizeof time, "T%02d:%02d:%02d", rest / 3600 % 24, rest / 60 % 60, rest % 60);
  return day + time;
}

// Excel keeps a character that XML cannot have as _xHHHH_; a carriage return is the one that people type.
std::string plain(std::string text) {
  for (auto at = text.find("_x000D_"); at != std::string::npos; at = text.find("_x000D_", at)) text.erase(at, 7);
  std::erase(text, '\r');
  return text;
}

class Rows final : public XmlListener {
 public:
  Rows(Styles const& styles, Texts const& texts, Merges const& merges, bool from_1904, TableLimits const& limits)
      : styles_(styles), texts_(texts), merges_(merges), from_1904_(from_1904), limits_(limits) {}

  void started(std::string_view name, XmlAttributes const& attributes) override {
    if (name == "row") {
      row_ = {};
      number_row(whole(attribute(attributes, "r")));
    } else if (name == "c") {
      auto const place = reference_of(attribute(attributes, "r"));
      column_ = place ? place->column : row_.cells.size();
      type_ = attribute(attributes, "t");
      style_ = static_cast<std::size_t>(whole(attribute(attributes, "s")).value_or(0));
      text_.clear();
      formula_ = false;
    } else if (name == "f") {
      formula_ = true;
    } else if (name == "rPh") {
      ++skipped_;
    } else if (name == "v" || name == "t") {
      within_ = skipped_ == 0;
    }
  }

  void text(std::string_view piece) override {
    if (within_ && text_.size() <= limits_.cell) text_.append(piece);
  }

  void ended(std::string_view name) override {
    if (name == "v" || name == "t") within_ = false;
    if (name == "rPh") --skipped_;
    if (name == "c") add_cell();
    if (name == "row") add_row();
  }

  std::deque<TableRow> waiting;
  std::optional<Refusal> fault;

 private:
  // Without numbers rows follow each other. Two of one number could not be told apart, nor what is merged.
  void number_row(std::optional<std::int64_t> number) {
    auto const line = number ? static_cast<std::size_t>(*number) : line_ + 1;
    if (line <= line_ && !fault)
      fault = refusal(Code::bad_format, "/rows/" + std::to_string(line),
                      {{"value", std::to_string(line)}, {"expected", message("expected.row_order")}});
    line_ = line;
    row_.line = line;
  }

  void add_cell() {
    if (column_ >= limits_.columns || text_.size() > limits_.cell) {
      if (!text_.empty() && !fault) fault = too_large("/rows/" + std::to_string(line_), limits_);
      return;
    }
    auto text = value();
    if (text.empty() && !formula_) return;
    if (row_.cells.size() <= column_) row_.cells.resize(column_ + 1);
    row_.cells[column_] = {.text = std::move(text), .formula = formula_};
  }

  [[nodiscard]] std::string value() const {
    if (type_ == "s") {
      auto const index = whole(text_);
      return index && static_cast<std::size_t>(*index) < texts_.all.size()
                 ? plain(texts_.all[static_cast<std::size_t>(*index)])
                 : std::string();
    }
    if (type_ == "b") return text_ == "1" ? "true" : "false";
    if (!type_.empty() && type_ != "n") return plain(text_);
    double number = 0;
    auto const [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), number);
    bool const is_number = error == std::errc() && end == text_.data() + text_.size();
    if (is_number && styles_.is_time(style_)) {
      auto time = time_text(number, from_1904_);
      if (!time.empty()) return time;
    }
    return text_;
  }

  void add_row() {
    if (++count_ > limits_.rows && !fault) fault = too_large("/rows", limits_);
    bool const empty =
        std::ranges::all_of(row_.cells, [](TableCell const& cell) { return cell.text.empty() && !cell.formula; });
    if (empty || fault) return;
    row_.merged = merges_.reach(row_.line);
    waiting.push_back(std::move(row_));
  }

  Styles const& styles_;
  Texts const& texts_;
  Merges const& merges_;
  bool from_1904_;
  TableLimits const& limits_;
  TableRow row_{};
  std::size_t line_ = 0;
  std::size_t count_ = 0;
  std::size_t column_ = 0;
  std::size_t style_ = 0;
  std::string type_;
  std::string text_;
  bool formula_ = false;
  bool within_ = false;
  int skipped_ = 0;
};

// What several sheets say one after the other, each under the same titles: more rows than one has room for.
class SheetTable final : public Table {
 public:
  SheetTable(Archive archive, TableLimits const& limits) : archive_(std::move(archive)), limits_(limits) {}

  [[nodiscard]] Result<void> begin() {
    Relations relations;
    for (auto const& [part, listener, limit] :
         {std::tuple<char const*, XmlListener*, std::uint64_t>{"xl/workbook.xml", &book_, small_part},
          {"xl/_rels/workbook.xml.rels", &relations, small_part},
          {"xl/styles.xml", &styles_, small_part},
          {"xl/sharedStrings.xml", &texts_, limits_.texts}}) {
      if (auto done = XmlPart(archive_, part, limit, *listener).read(); !done) return done;
    }
    for (auto const& sheet : book_.sheets) {
      auto const target = relations.targets.find(sheet.relation);
      if (target != relations.targets.end() && archive_.has(target->second)) parts_.push_back(target->second);
    }
    if (parts_.empty())
      return refused(
          refusal(Code::bad_format, {}, {{"value", "xl/workbook.xml"}, {"expected", message("expected.table")}}));
    return {};
  }

  [[nodiscard]] Format format() const override { return Format::xlsx; }

  [[nodiscard]] Result<std::optional<TableRow>> next() override {
    while (true) {
      if (rows_ && !rows_->waiting.empty()) {
        auto row = std::move(rows_->waiting.front());
        rows_->waiting.pop_front();
        // Each further sheet says its titles again.
        if (std::exchange(first_of_sheet_, false)) {
          auto titles = titles_of(row);
          if (sheet_ == 1) {
            titles_ = std::move(titles);
          } else if (titles == titles_) {
            continue;
          } else {
            rows_->waiting.clear();
            rows_->fault = refusal(
                Code::bad_format, "/rows/" + std::to_string(row.line),
                {{"value", book_.sheets.at(sheet_of_part_).title}, {"expected", message("expected.same_titles")}});
            continue;
          }
        }
        row.place = places_++;
        return std::optional(std::move(row));
      }
      if (rows_ && rows_->fault) return refused(*rows_->fault);
      if (part_) {
        auto const more = part_->read_on();
        if (!more) return refused(more.error());
        if (!*more) part_.reset();
        continue;
      }
      if (sheet_ >= parts_.size()) return std::optional<TableRow>();
      if (auto done = begin_sheet(parts_[sheet_]); !done) return refused(done.error());
      sheet_of_part_ = sheet_++;
    }
  }

 private:
  static std::vector<std::string> titles_of(TableRow const& row) {
    std::vector<std::string> titles;
    for (auto const& cell : row.cells) titles.push_back(cell.text);
    while (!titles.empty() && titles.back().empty()) titles.pop_back();
    return titles;
  }

  Result<void> begin_sheet(std::string const& part) {
    merges_ = {};
    if (auto done = XmlPart(archive_, part, limits_.sheet, merges_).read(); !done) return done;
    merges_.finish();
    rows_.emplace(styles_, texts_, merges_, book_.from_1904, limits_);
    part_.emplace(archive_, part, limits_.sheet, *rows_);
    first_of_sheet_ = true;
    return {};
  }

  Archive archive_;
  TableLimits limits_;
  Book book_;
  Styles styles_;
  Texts texts_;
  Merges merges_;
  std::vector<std::string> parts_;
  std::size_t sheet_ = 0;
  std::size_t places_ = 0;
  std::size_t sheet_of_part_ = 0;
  bool first_of_sheet_ = false;
  std::vector<std::string> titles_;
  std::optional<Rows> rows_;
  std::optional<XmlPart> part_;
};

}  // namespace

Result<std::unique_ptr<Table>> open_sheet(std::filesystem::path const& file, TableLimits const& limits) {
  auto archive = Archive::open(file, limits.parts);
  if (!archive) return refused(archive.error());
  auto table = std::make_unique<SheetTable>(std::move(*archive), limits);
  if (auto done = table->begin(); !done) return refused(done.error());
  return table;
}

}  // namespace bihuan
