// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/store/postgres/connection.hpp"

namespace bihuan::postgres {

// A statement of one connection, which prepares it when it is first run, and again after it was lost.
class PostgresPrepared final : public Prepared {
 public:
  PostgresPrepared(Connection& connection, char const* name, std::string_view text);
  ~PostgresPrepared() override;

  void bind_integer(int place, std::int64_t value) override;
  void bind_null(int place) override;
  void bind_text(int place, std::string_view text) override;
  void bind_bytes(int place, std::string_view bytes) override;
  void bind_copy(int place, std::string const& text) override;

  bool step() override;
  void send() override;
  bool change_one() override;
  [[nodiscard]] int changed() const override;
  void reset() noexcept override;

  [[nodiscard]] std::int64_t integer(int column) const override;
  [[nodiscard]] bool is_null(int column) const override;
  [[nodiscard]] std::string_view view(int column) const override;

 private:
  friend class Connection;
  struct Parameter {
    std::string_view view{};
    std::string own{};
    bool owns = false;
    bool null = false;
    bool binary = false;  // numbers go as words: the database has its own mind how wide they are
  };
  Parameter& at(int place);

  Connection& connection_;
  std::string text_;
  std::string called_;
  std::int64_t generation_ = 0;
  std::vector<Parameter> parameters_;
  pg_result* result_ = nullptr;
  int row_ = -1;
};

// In the database's own form: the highest byte first, however wide it is.
[[nodiscard]] std::int64_t number_in(pg_result const* result, int row, int column);

}  // namespace bihuan::postgres
