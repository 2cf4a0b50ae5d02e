// SPDX-License-Identifier: Apache-2.0
#include "tests/api/workbook.hpp"

#include <zip.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "engine/core/markup.hpp"
#include "engine/format/temporary_file.hpp"

namespace bihuan::test {

Parts parts_of(std::string const& workbook) {
  TemporaryFile const file;
  std::ofstream(file.path(), std::ios::binary) << workbook;
  auto* const archive = zip_open(file.path().c_str(), ZIP_RDONLY, nullptr);
  if (archive == nullptr) throw std::runtime_error("no workbook");
  Parts parts;
  for (zip_int64_t index = 0; index < zip_get_num_entries(archive, 0); ++index) {
    struct zip_stat about {};
    zip_stat_index(archive, static_cast<zip_uint64_t>(index), 0, &about);
    std::string content(about.size, '\0');
    auto* const part = zip_fopen_index(archive, static_cast<zip_uint64_t>(index), 0);
    zip_fread(part, content.data(), content.size());
    zip_fclose(part);
    parts[about.name] = std::move(content);
  }
  zip_discard(archive);
  return parts;
}

std::string workbook_of(Parts const& parts) {
  TemporaryFile const file;
  auto* const archive = zip_open(file.path().c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  for (auto const& [name, content] : parts) {
    auto* const source = zip_source_buffer(archive, content.data(), content.size(), 0);
    zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
  }
  if (zip_close(archive) != 0) throw std::runtime_error("the workbook was not written");
  std::ifstream in(file.path(), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string raw_workbook(std::vector<RawSheet> const& sheets) {
  Parts parts;
  std::string list;
  std::string relations;
  int number = 0;
  for (auto const& sheet : sheets) {
    auto const id = std::to_string(++number);
    auto const state = sheet.state.empty() ? "" : " state=\"" + sheet.state + "\"";
    list += "<sheet name=\"" + sheet.name + "\" sheetId=\"" + id + "\" r:id=\"rId" + id + "\"" + state + "/>";
    relations += "<Relationship Id=\"rId" + id + "\" Type=\"worksheet\" Target=\"worksheets/sheet" + id + ".xml\"/>";
    parts["xl/worksheets/sheet" + id + ".xml"] =
        "<worksheet><sheetData>" + sheet.rows + "</sheetData>" + sheet.behind + "</worksheet>";
  }
  parts["xl/workbook.xml"] = "<workbook xmlns:r=\"r\"><sheets>" + list + "</sheets></workbook>";
  parts["xl/_rels/workbook.xml.rels"] = "<Relationships>" + relations + "</Relationships>";
  return workbook_of(parts);
}

std::string raw_row(int line, std::vector<std::string> const& cells) {
  auto const number = std::to_string(line);
  std::string row = "<row r=\"" + number + "\">";
  char column = 'A';
  for (auto const& cell : cells) {
    row += "<c r=\"" + std::string(1, column++) + number + "\" t=\"inlineStr\"><is><t>" + escape_markup(cell) +
           "</t></is></c>";
  }
  return row + "</row>";
}

}  // namespace bihuan::test
