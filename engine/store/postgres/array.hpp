// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bihuan::postgres {

// An array of one dimension as PostgreSQL takes it in binary form: many rows in one parameter for each column, for
// `unnest`.
class Array {
 public:
  enum class Of : std::uint32_t { bigint = 20, text = 25 };  // by their numbers in pg_type
  explicit Array(Of element);

  void add(std::int64_t number);
  void add(std::string_view text);
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::string_view bytes() const { return bytes_; }

 private:
  std::string bytes_;
  std::uint32_t size_ = 0;
};

}  // namespace bihuan::postgres
