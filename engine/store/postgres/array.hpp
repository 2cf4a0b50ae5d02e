// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bihuan::postgres {

// An array of one dimension as PostgreSQL sends and takes it in binary form: many rows in one parameter each column,
// for `unnest`.
class TextArray {
 public:
  TextArray();
  void add(std::string_view text);
  [[nodiscard]] std::string_view bytes() const { return bytes_; }

 private:
  std::string bytes_;
  std::uint32_t size_ = 0;
};

class BigintArray {
 public:
  BigintArray();
  void add(std::int64_t number);
  [[nodiscard]] std::string_view bytes() const { return bytes_; }

 private:
  std::string bytes_;
  std::uint32_t size_ = 0;
};

}  // namespace bihuan::postgres
