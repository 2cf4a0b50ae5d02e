// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "api/http/target.hpp"
#include "engine/core/json.hpp"
#include "engine/format/table.hpp"
#include "engine/format/temporary_file.hpp"
#include "engine/service/import_mapping.hpp"
#include "engine/service/package_verify.hpp"
#include "engine/service/zip.hpp"
#include "engine/store/tree_head.hpp"
#include "tools/fuzz/must.hpp"
#include "tools/fuzz/shipped.hpp"
#include "tools/fuzz/targets.hpp"

namespace bihuan::fuzz {
namespace {

constexpr TableLimits small{.rows = 1000, .columns = 50, .cell = 10'000, .sheet = 1U << 20U, .texts = 1U << 20U};

void write(std::string const& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

void read_table(std::string const& path) {
  auto const table = open_table(path, small);
  if (!table) return;
  std::size_t rows = 0;
  std::size_t line = 0;
  for (;;) {
    auto const row = (*table)->next();
    if (!row) {
      auto const rest = (*table)->next();
      must(!rest || !*rest, "nothing follows a table that broke off");
      return;
    }
    if (!*row) break;
    must(++rows <= small.rows && (*row)->cells.size() <= small.columns, "a table is bounded");
    must((*row)->line > line || rows == 1, "rows come in order");
    line = (*row)->line;
    for (auto const& cell : (*row)->cells) {
      must(cell.text.size() <= small.cell, "a cell is bounded");
      must(http::is_utf8(cell.text), "a cell is UTF-8");
    }
  }
}

}  // namespace

void table(std::string_view bytes) {
  TemporaryFile file;
  write(file.path(), bytes);
  read_table(file.path());
}

void sheet(std::string_view bytes) {
  // The sheet, and after a NUL the texts that its cells share.
  auto const end = bytes.find('\0');
  TemporaryFile file;
  ZipWriter archive(file.path(), Instant{});
  archive.add("xl/workbook.xml",
              R"(<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>)");
  archive.add("xl/_rels/workbook.xml.rels",
              R"(<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>)");
  archive.add("xl/styles.xml", R"(<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>)");
  archive.add("xl/worksheets/sheet1.xml", std::string(bytes.substr(0, end)));
  if (end != std::string_view::npos) archive.add("xl/sharedStrings.xml", std::string(bytes.substr(end + 1)));
  archive.finish();
  read_table(file.path());
}

void package(std::string_view bytes) {
  auto const files = parse_json(bytes, {.bytes = 4 * 1024 * 1024});
  TemporaryFile file;
  if (files && files->is_object()) {
    ZipWriter archive(file.path(), Instant{});
    for (auto const& [name, content] : files->items()) {
      if (!name.empty()) archive.add(name, content.is_string() ? content.get<std::string>() : canonical(content));
    }
    archive.finish();
  } else {
    write(file.path(), bytes);
  }
  auto const found = verify_package(file.path());
  for (auto const& fault : found.faults) must(!fault.empty(), "a fault says what it is");
  must(!found.faults.empty() || (is_signed(found.head) && !found.case_id.empty()), "what is right has a signed head");
}

void head(std::string_view bytes) {
  auto const document = parse_ordered_json(bytes);
  if (!document) return;
  auto const read = head_from_json(*document);
  if (!read) {
    must(!read.error().empty(), "a refusal says why");
    return;
  }
  (void)is_signed(*read);
  auto const again = head_from_json(OrderedJson(head_to_json(*read)));
  must(again.has_value() && *again == *read && head_hash(*again) == head_hash(*read),
       "a head is the same written and read again");
}

void mapping(std::string_view bytes) {
  auto const document = parse_ordered_json(bytes);
  if (!document) return;
  auto const read = parse_import_mapping(*document);
  if (!read) {
    must(!read.error().empty(), "a refusal says why");
    return;
  }
  (void)check_import_mapping(*read, library().current(read->workflow));
}

}  // namespace bihuan::fuzz
