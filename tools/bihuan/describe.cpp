// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/describe.hpp"

#include <fstream>
#include <ostream>

#include "engine/core/message.hpp"
#include "tools/bihuan/choice.hpp"
#include "tools/bihuan/definition_file.hpp"
#include "tools/bihuan/definition_page.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
namespace {

namespace fs = std::filesystem;

bool write(fs::path const& file, std::string const& text, std::ostream& err) {
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << text;
  stream.close();
  if (stream) return true;
  say(err, message("describe.cannot_write", {{"path", file.string()}}));
  return false;
}

}  // namespace

int run_describe(DescribeOptions const& options, std::ostream& out, std::ostream& err) {
  Refusals faults;
  check_language(options.language, faults);
  if (!faults.empty()) {
    print_refusals(err, faults);
    return wrong_use;
  }
  auto const files = options.files.empty() ? json_files(options.workflows) : options.files;
  if (options.output.empty() && files.size() != 1) {
    say(err, message("describe.needs_output", {{"files", std::to_string(files.size())}}));
    return wrong_use;
  }
  std::vector<Definition> definitions;
  bool sound = true;
  for (auto const& file : files) {
    auto definition = read_definition_file(file, err);
    if (definition)
      definitions.push_back(std::move(*definition));
    else
      sound = false;
  }
  if (!sound) return said_no;
  auto const language = language_of(options.language);
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
