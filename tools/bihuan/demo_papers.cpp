// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/demo_papers.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <vector>

#include "engine/core/utf8.hpp"

namespace bihuan {
namespace {

constexpr int blocks_across = 16;
constexpr int blocks_down = 12;

void put_bytes(std::string& out, std::initializer_list<int> bytes) {
  for (int const byte : bytes) out += static_cast<char>(static_cast<unsigned char>(byte));
}

// Entropy-coded bits of a JPEG: a byte 0xFF inside is followed by 0x00.
class Bits {
 public:
  explicit Bits(std::string& out) : out_(out) {}
  void put(unsigned value, int count) {
    for (int i = count - 1; i >= 0; --i) {
      held_ = (held_ << 1) | ((value >> i) & 1U);
      if (++size_ == 8) flush_byte();
    }
  }
  void finish() {
    while (size_ != 0) put(1, 1);
  }

 private:
  void flush_byte() {
    put_bytes(out_, {static_cast<int>(held_)});
    if (held_ == 0xFF) put_bytes(out_, {0});
    held_ = 0;
    size_ = 0;
  }
  std::string& out_;
  unsigned held_ = 0;
  int size_ = 0;
};

// Only the mean of each block of 8 by 8 is coded: the difference to the block before, in a category (its
// number of bits) and the bits. Twelve categories of four bits each; "end of block" is the one code for the
// rest.
void code_block(Bits& bits, int difference) {
  int category = 0;
  for (int rest = difference < 0 ? -difference : difference; rest > 0; rest >>= 1) ++category;
  bits.put(static_cast<unsigned>(category), 4);
  auto const mask = (1U << category) - 1U;
  bits.put(static_cast<unsigned>(difference < 0 ? difference - 1 : difference) & mask, category);
  bits.put(0, 1);
}

std::string hex_utf16(std::string_view text) {
  std::string hex;
  for (char16_t const unit : utf16_from(text)) hex += fmt::format("{:04X}", static_cast<unsigned>(unit));
  return hex;
}

// Brightness and the two differences of colour, each as a distance from the middle grey.
using Colour = std::array<int, 3>;

// A bank over water, and what comes out of a pipe: whoever looks sees that it is drawn.
class Riverbank {
 public:
  explicit Riverbank(DemoRandom& random)
      : pipe_(static_cast<int>(random.between(3, blocks_across - 5))),
        horizon_(static_cast<int>(random.between(3, 5))) {}

  [[nodiscard]] Colour at(int across, int down) const {
    if (down < horizon_) return {74 - 4 * down, 10, -6};
    if (down < bank_) return {2 - 5 * (down - horizon_), -14, -10};
    // What flows out of it widens on its way.
    int const spread = down - bank_;
    if (across >= pipe_ - spread / 2 && across <= pipe_ + 1 + spread) return {-66 + 3 * spread, 2, 6};
    return {-14 - 3 * spread, 12, -8};
  }

 private:
  static constexpr int bank_ = 7;
  int pipe_;
  int horizon_;
};

}  // namespace

std::string make_demo_photo(DemoRandom& random) {
  std::string out;
  put_bytes(out, {0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0});
  put_bytes(out, {0xFF, 0xDB, 0, 67, 0});
  for (int i = 0; i < 64; ++i) put_bytes(out, {8});
  put_bytes(out, {0xFF, 0xC0, 0, 17, 8, 0, blocks_down * 8, 0, blocks_across * 8, 3});
  for (int component = 1; component <= 3; ++component) put_bytes(out, {component, 0x11, 0});
  put_bytes(out, {0xFF, 0xC4, 0, 31, 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  for (int i = 0; i < 12; ++i) put_bytes(out, {i});
  put_bytes(out, {0xFF, 0xC4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  put_bytes(out, {0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0});
  Bits bits(out);
  Riverbank const riverbank(random);
  Colour before{};
  for (int block = 0; block < blocks_across * blocks_down; ++block) {
    auto colour = riverbank.at(block % blocks_across, block / blocks_across);
    colour[0] += static_cast<int>(random.between(-5, 5));
    for (std::size_t component = 0; component < colour.size(); ++component) {
      code_block(bits, colour[component] - before[component]);
    }
    before = colour;
  }
  bits.finish();
  put_bytes(out, {0xFF, 0xD9});
  return out;
}

std::string make_demo_paper(std::string_view heading, std::string_view words) {
  auto const page =
      fmt::format("BT /F1 20 Tf 60 760 Td <{}> Tj /F1 11 Tf 0 -36 Td <{}> Tj ET", hex_utf16(heading), hex_utf16(words));
  std::array<std::string, 7> const objects{
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R "
      ">> >> >>",
      fmt::format("<< /Length {} >>\nstream\n{}\nendstream", page.size(), page),
      "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [6 0 "
      "R] >>",
      "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) "
      "/Ordering (GB1) "
      "/Supplement 4 >> /FontDescriptor 7 0 R >>",
      "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 "
      "/Ascent 880 "
      "/Descent -120 /CapHeight 880 /StemV 80 >>"};
  std::string out = "%PDF-1.5\n";
  std::vector<std::size_t> offsets;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    offsets.push_back(out.size());
    out += fmt::format("{} 0 obj\n{}\nendobj\n", i + 1, objects[i]);
  }
  auto const table = out.size();
  out += fmt::format("xref\n0 {}\n0000000000 65535 f \n", objects.size() + 1);
  for (auto const offset : offsets) out += fmt::format("{:010} 00000 n \n", offset);
  out += fmt::format("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n", objects.size() + 1, table);
  return out;
}

}  // namespace bihuan
