// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/describe.hpp"

#include <algorithm>
#include <fstream>
#include <ostream>

#include "engine/core/message.hpp"
#include "engine/service/library.hpp"
#include "tools/bihuan/definition_page.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> definitions_in(fs::path const& directory) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (auto const& entry : fs::directory_iterator(directory, ignored)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool write(fs::path const& file, std::string const& text, std::ostream& err) {
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << text;
  stream.close();
  if (stream) return true;
  auto const words = message("describe.cannot_write", {{"path", file.string()}});
  err << words.zh << " " << words.en << "\n";
  return false;
}

}  // namespace

int run_describe(DescribeOptions const& options, std::ostream& out, std::ostream& err) {
  if (options.language != "zh" && options.language != "en") {
    print_refusals(err,
                   {refusal(Code::not_a_choice, "--language", {{"value", options.language}, {"choices", "zh, en"}})});
    return wrong_use;
  }
  auto const files = options.files.empty() ? definitions_in(options.workflows) : options.files;
  if (options.output.empty() && files.size() != 1) {
    auto const words = message("describe.needs_output", {{"files", std::to_string(files.size())}});
    err << words.zh << " " << words.en << "\n";
    return wrong_use;
  }
  std::vector<Definition> definitions;
  bool sound = true;
  for (auto const& file : files) {
    auto const document = read_json_file(file);
    auto definition = document ? read_definition(*document) : refused(document.error());
    if (definition) {
      definitions.push_back(std::move(*definition));
      continue;
    }
    sound = false;
    for (auto const& fault : definition.error())
      err << file.string() << "#" << fault.pointer << ": " << in_words(fault) << "\n";
  }
  if (!sound) return said_no;
  auto const language = options.language == "zh" ? Language::zh : Language::en;
  if (options.output.empty()) {
    out << definition_page(definitions.front(), language);
    return done;
  }
  std::error_code ignored;
  fs::create_directories(options.output, ignored);
  std::vector<Definition const*> listed;
  for (auto const& definition : definitions) {
    if (!write(options.output / (definition.id + ".html"), definition_page(definition, language), err)) return said_no;
    listed.push_back(&definition);
  }
  return write(options.output / "index.html", definitions_index(listed, language), err) ? done : said_no;
}

}  // namespace bihuan
