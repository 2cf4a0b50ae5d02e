// SPDX-License-Identifier: Apache-2.0
#include "engine/core/diagram.hpp"

#include <fstream>
#include <iterator>
#include <regex>

#include "engine/core/diagram_layout.hpp"
#include "tests/support/sample.hpp"

using namespace bihuan;

namespace {

Definition shipped(std::string const& name) {
  std::ifstream file(std::string(BIHUAN_SOURCE_DIR) + "/workflows/" + name + ".json", std::ios::binary);
  std::string const text(std::istreambuf_iterator<char>(file), {});
  auto const document = parse_ordered_json(text);
  REQUIRE(document);
  auto definition = parse_definition(*document);
  REQUIRE(definition);
  return std::move(*definition);
}

bool has(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

std::size_t count(std::string const& text, std::string const& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

struct Area {
  double left, top, right, bottom;
};

bool overlap(Area const& a, Area const& b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

Area area(Point at, double width, double height) {
  return {at.x - width / 2, at.y - height / 2, at.x + width / 2, at.y + height / 2};
}

}  // namespace

TEST_CASE("a diagram shows every state and every transition of the shipped workflows") {
  for (auto const* const name : {"inspection-issue", "criminal-referral"}) {
    CAPTURE(name);
    auto const definition = shipped(name);
    for (auto const language : {Language::zh, Language::en}) {
      auto const svg = diagram_svg(definition, {.language = language, .current = {}, .visited = {}});
      auto const mermaid = diagram_mermaid(definition, language);
      auto const dot = diagram_dot(definition, language);
      for (auto const& state : definition.states) {
        CAPTURE(state.id);
        CHECK(count(svg, "data-state=\"" + state.id + "\"") == 1);
        CHECK(has(mermaid, language == Language::zh ? state.title.zh : state.title.en));
        CHECK(has(dot, "\"" + state.id + "\" [label="));
      }
      std::size_t arrows = 1;
      for (auto const& transition : definition.transitions) {
        CAPTURE(transition.id);
        CHECK(has(svg, "data-transition=\"" + transition.id + "\""));
        arrows += transition.from.size();
      }
      CHECK(count(dot, " -> ") == arrows);
    }
  }
}

TEST_CASE("the same definition gives the same picture") {
  auto const definition = shipped("criminal-referral");
  CHECK(diagram_svg(definition) == diagram_svg(shipped("criminal-referral")));
}

TEST_CASE("words of a definition cannot break out of a picture") {
  auto document = sample::document();
  document["states"]["found"]["title"] = {{"zh", "<b>\"&'甲"}, {"en", "a; b: #c\n\\"}};
  auto const definition = parse_definition(document);
  REQUIRE(definition);
  auto const svg = diagram_svg(*definition);
  CHECK_FALSE(has(svg, "<b>"));
  CHECK(has(svg, "&lt;b&gt;&quot;&amp;&#39;甲"));
  CHECK(has(diagram_mermaid(*definition, Language::zh), "\"#60;b#62;#34;&'甲\""));
  CHECK(has(diagram_dot(*definition, Language::zh), "\"<b>\\\"&'甲\""));
}

TEST_CASE("a final state has two borders, a step by the system is dashed, and the picture says so in words") {
  auto const definition = shipped("inspection-issue");
  auto const svg = diagram_svg(definition);
  std::smatch found;
  REQUIRE(std::regex_search(svg, found, std::regex("<g data-state=\"struck_off\">\n<rect[^\n]*\n<rect")));
  CHECK_FALSE(std::regex_search(svg, std::regex("<g data-state=\"found\">\n<rect[^\n]*\n<rect")));
  CHECK(has(svg, "公示期满（自动）"));
  CHECK(has(svg, "<title>督察问题</title>"));
  CHECK(has(svg, "<desc>12个状态"));
  // A referral that came back leads elsewhere; the notice period ends without a change of state.
  CHECK(has(svg, "移送退回"));  // in two lines
  CHECK(count(svg, "stroke-dasharray") == 1);
  CHECK(count(diagram_svg(sample::definition()), "stroke-dasharray") == 1);
}

TEST_CASE("where a case is and was is marked, not by colour alone") {
  auto const definition = shipped("inspection-issue");
  auto const svg =
      diagram_svg(definition, {.language = Language::zh, .current = "rectifying", .visited = {"found", "rectifying"}});
  CHECK(has(svg, "data-state=\"rectifying\" aria-current=\"step\""));
  CHECK(count(svg, "aria-current") == 1);
  auto const tick = std::string("l3 3 6-7");
  CHECK(count(svg, tick) == 1);
  CHECK(count(diagram_svg(definition), tick) == 0);
}

TEST_CASE("no box or label covers another, whatever leads where") {
  Layout layout;
  for (int i = 0; i < 14; ++i) layout.boxes.push_back({.width = 80.0 + 13 * i, .height = 40.0 + 11 * (i % 4)});
  for (std::size_t from = 0; from < 14; ++from) {
    for (std::size_t to = 0; to < 14; ++to) {
      if (from != to && (from * 7 + to * 5) % 5 == 0)
        layout.edges.push_back({.from = from, .to = to, .label_width = 90, .label_height = 32});
    }
  }
  REQUIRE(layout.edges.size() > 20);
  lay_out(layout);
  std::vector<Area> areas;
  for (auto const& box : layout.boxes) areas.push_back(area(box.at, box.width, box.height));
  for (auto const& edge : layout.edges) areas.push_back(area(edge.label, edge.label_width, edge.label_height));
  for (std::size_t i = 0; i < areas.size(); ++i) {
    CHECK(areas[i].left >= -0.01);
    CHECK(areas[i].right <= layout.width + 0.01);
    CHECK(areas[i].bottom <= layout.height + 0.01);
    for (std::size_t j = i + 1; j < areas.size(); ++j) CHECK_FALSE(overlap(areas[i], areas[j]));
  }
  for (auto const& edge : layout.edges) {
    CHECK(edge.route.size() % 2 == 0);
    CHECK((edge.route.front().y < edge.route.back().y) != edge.back);
  }
}
