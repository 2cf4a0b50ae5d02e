// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "engine/core/calendar.hpp"

namespace bihuan {

inline OrderedJson read_cn_document() {
  std::ifstream file(BIHUAN_SOURCE_DIR "/workflows/calendars/cn.json");
  std::string const text(std::istreambuf_iterator<char>(file), {});
  auto document = parse_ordered_json(text);
  if (!document) throw std::runtime_error("workflows/calendars/cn.json: " + document.error().front().text.en);
  return *document;
}

// The calendar that the product carries.
inline Calendar const& cn_calendar() {
  static Calendar const calendar = Calendar::parse(read_cn_document()).value();
  return calendar;
}

}  // namespace bihuan
