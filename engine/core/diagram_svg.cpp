// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/core/diagram.hpp"
#include "engine/core/diagram_layout.hpp"
#include "engine/core/markup.hpp"
#include "engine/core/message.hpp"
#include "engine/core/utf8.hpp"

namespace bihuan {
namespace {

constexpr double title_size = 14;
constexpr double small_size = 12;
constexpr double label_measure = 132;  // a label's lines are no wider
constexpr double margin = 24;
constexpr std::size_t own_places = 3;  // an action that changes no state and is possible in more states stands below

// The colours of the page (contrast on white at least 4.5 for text, 3 for lines).
constexpr auto ink = "#1F2329";
constexpr auto muted = "#5A6472";
constexpr auto line_grey = "#8A94A3";
constexpr auto accent = "#1259C3";
constexpr auto accent_tint = "#E4EEFC";
constexpr auto visited_ink = "#165C32";
constexpr auto visited_tint = "#E3F3E8";
constexpr auto back_ink = "#6B4500";

struct Glyph {
  std::string bytes;
  double width;  // in ems
  bool breaks;   // a line may end before it
};

// Chinese characters are one em wide and lines may break between any two; letters are about half of that, and
// lines break at spaces only.
std::vector<Glyph> glyphs_of(std::string_view text) {
  std::vector<Glyph> glyphs;
  bool after_letter = false;
  for (std::size_t at = 0; at < text.size();) {
    auto const start = at;
    auto const code = next_code_point(text, at);
    if (!code) {
      ++at;
      continue;
    }
    bool const wide = *code >= 0x2E80;
    bool const closes = *code == U'，' || *code == U'、' || *code == U'。' || *code == U'）' || *code == U'·';
    glyphs.push_back({.bytes = std::string(text.substr(start, at - start)),
                      .width = wide ? 1.0 : (*code >= 'A' && *code <= 'Z' ? 0.68 : 0.55),
                      .breaks = (wide && !closes) || *code == ' ' || (!after_letter && !closes)});
    after_letter = !wide && *code != ' ';
  }
  return glyphs;
}

double width_of(std::string_view text, double size) {
  double width = 0;
  for (auto const& glyph : glyphs_of(text)) width += glyph.width * size;
  return width;
}

std::vector<std::string> wrapped(std::string_view text, double size, double measure) {
  auto const glyphs = glyphs_of(text);
  // Lines of about the same length, so that no single character is left for the last one.
  if (auto const width = width_of(text, size); width > measure)
    measure = std::min(measure, width / std::ceil(width / measure) + size);
  std::vector<std::string> lines{""};
  double used = 0;
  for (std::size_t i = 0; i < glyphs.size();) {
    std::string word;
    double width = 0;
    do {
      word += glyphs[i].bytes;
      width += glyphs[i].width * size;
      ++i;
    } while (i < glyphs.size() && !glyphs[i].breaks);
    if (used > 0 && used + width > measure) {
      lines.emplace_back();
      used = 0;
      if (word.starts_with(' ')) word.erase(0, 1);
    }
    lines.back() += word;
    used += width;
  }
  return lines;
}

struct StateBox {
  State const* state = nullptr;
  std::vector<std::string> lines{};
  std::string owner{};
  std::string more{};
  std::vector<Transition const*> inside{};  // what is done here without leaving
};

struct LabelLine {
  std::string text;
  std::string transition;
};

struct Arrow {
  bool automatic = false;
  std::vector<LabelLine> lines{};
};

class Drawing {
 public:
  Drawing(Definition const& definition, DiagramOptions const& options) : definition_(definition), options_(options) {
    collect_boxes();
    collect_arrows();
    lay_out(layout_);
    collect_notes();
  }

  std::string svg() {
    double width = layout_.width;
    for (auto const& note : notes_) width = std::max(width, width_of(note.text, small_size));
    double const top = margin + 40;
    double const notes_height = notes_.empty() ? 0 : 18 + 18 * static_cast<double>(notes_.size());
    open(width + 2 * margin, top + layout_.height + notes_height + margin);
    out_ += fmt::format("<g transform=\"translate({:.1f} {:.1f})\">\n", margin + (width - layout_.width) / 2, top);
    start();
    for (std::size_t i = 0; i < arrows_.size(); ++i) arrow(layout_.edges[i], arrows_[i]);
    for (std::size_t i = 0; i < arrows_.size(); ++i) labels(layout_.edges[i], arrows_[i]);
    for (std::size_t i = 0; i < boxes_.size(); ++i) box(layout_.boxes[i], boxes_[i]);
    out_ += "</g>\n";
    notes(top + layout_.height + 30);
    return out_ + "</svg>\n";
  }

 private:
  [[nodiscard]] std::string const& in(Text const& text) const { return bihuan::in(options_.language, text); }

  [[nodiscard]] std::string label_of(Transition const& transition) const {
    auto label = in(transition.title);
    if (transition.trigger != Trigger::none) label += in(message("diagram.automatic"));
    if (auto const more = options_.of_transitions.find(transition.id); more != options_.of_transitions.end())
      label += " " + more->second;
    return label;
  }

  [[nodiscard]] static bool stays(Transition const& transition, std::string const& from) {
    return transition.to.empty() || transition.to == from;
  }

  [[nodiscard]] static bool noted(Transition const& transition) {
    return transition.to.empty() && transition.from.size() > own_places;
  }

  void collect_boxes() {
    std::vector<State const*> states;
    for (auto const& state : definition_.states) states.push_back(&state);
    std::stable_partition(states.begin(), states.end(), [&](State const* s) { return s->id == definition_.initial; });
    for (auto const* const state : states) {
      index_[state->id] = boxes_.size();
      auto& box = boxes_.emplace_back(StateBox{.state = state, .lines = wrapped(in(state->title), title_size, 190)});
      if (auto const* const owner = definition_.find_party(state->owner)) box.owner = in(owner->title);
      for (auto const& transition : definition_.transitions) {
        bool const here = std::find(transition.from.begin(), transition.from.end(), state->id) != transition.from.end();
        if (here && stays(transition, state->id) && !noted(transition)) box.inside.push_back(&transition);
      }
      if (auto const more = options_.of_states.find(state->id); more != options_.of_states.end())
        box.more = more->second;
      double width = std::max(width_of(box.owner, small_size), width_of(box.more, small_size));
      for (auto const& line : box.lines) width = std::max(width, width_of(line, title_size));
      for (auto const* const transition : box.inside)
        width = std::max(width, width_of(label_of(*transition), small_size));
      layout_.boxes.push_back({.width = std::max(96.0, width + 36), .height = height_of(box)});
    }
  }

  [[nodiscard]] static double height_of(StateBox const& box) {
    double const inside = box.inside.empty() ? 0 : 10 + 17 * static_cast<double>(box.inside.size());
    return 20 + 19 * static_cast<double>(box.lines.size()) + (box.owner.empty() ? 0 : 17) +
           (box.more.empty() ? 0 : 17) + inside;
  }

  void collect_arrows() {
    std::map<std::tuple<std::size_t, std::size_t, bool>, std::size_t> between;
    for (auto const& transition : definition_.transitions) {
      for (auto const& from : transition.from) {
        if (stays(transition, from)) continue;
        bool const automatic = transition.trigger != Trigger::none;
        auto const key = std::tuple(index_.at(from), index_.at(transition.to), automatic);
        auto const [found, fresh] = between.try_emplace(key, arrows_.size());
        if (fresh) {
          arrows_.push_back({.automatic = automatic});
          layout_.edges.push_back({.from = std::get<0>(key), .to = std::get<1>(key)});
        }
        auto& edge = layout_.edges[found->second];
        for (auto& line : wrapped(label_of(transition), small_size, label_measure)) {
          edge.label_width = std::max(edge.label_width, width_of(line, small_size) + 8);
          edge.label_height += 16;
          arrows_[found->second].lines.push_back({.text = std::move(line), .transition = transition.id});
        }
      }
    }
  }

  void collect_notes() {
    for (auto const& transition : definition_.transitions) {
      if (!noted(transition)) continue;
      if (notes_.empty()) notes_.push_back({.text = in(message("diagram.anywhere")), .transition = ""});
      auto text = label_of(transition) + (options_.language == Language::zh ? "（" : " (");
      for (std::size_t i = 0; i < transition.from.size(); ++i)
        text += (i == 0                              ? ""
                 : options_.language == Language::zh ? "、"
                                                     : ", ") +
                in(definition_.find_state(transition.from[i])->title);
      text += options_.language == Language::zh ? "）" : ")";
      for (auto& line : wrapped(text, small_size, std::max(640.0, layout_.width)))
        notes_.push_back({.text = std::move(line), .transition = transition.id});
    }
  }

  void open(double width, double height) {
    std::string finals;
    for (auto const& state : definition_.states) {
      if (state.final)
        finals += (finals.empty() ? "" : options_.language == Language::zh ? "、" : ", ") + in(state.title);
    }
    auto const description =
        message("diagram.description", {{"states", std::to_string(definition_.states.size())},
                                        {"transitions", std::to_string(definition_.transitions.size())},
                                        {"initial", in(definition_.find_state(definition_.initial)->title)},
                                        {"finals", finals}});
    out_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" lang=\"{}\" width=\"{:.0f}\" "
        "height=\"{:.0f}\" "
        "viewBox=\"0 0 {:.0f} {:.0f}\" font-family=\"'PingFang SC','Microsoft YaHei','Noto Sans CJK "
        "SC',sans-serif\">\n"
        "<title>{}</title>\n<desc>{}</desc>\n<rect width=\"100%\" height=\"100%\" fill=\"#FFFFFF\"/>\n",
        options_.language == Language::zh ? "zh-CN" : "en", width, height, width, height,
        escape_markup(in(definition_.title)), escape_markup(in(description)));
  }

  void text(double x, double y, double size, std::string_view colour, std::string_view words,
            std::string_view more = "text-anchor=\"middle\"") {
    out_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{:.0f}\" fill=\"{}\" {}>{}</text>\n", x, y, size,
                        colour, more, escape_markup(words));
  }

  // Arrows end upright, so their heads point up or down.
  void head(Point at, bool up, std::string_view colour) {
    double const back = up ? 8 : -8;
    out_ += fmt::format("<path d=\"M{0:.1f} {1:.1f}l-4.5 {2:.1f}h9z\" fill=\"{3}\"/>\n", at.x, at.y, back, colour);
  }

  void start() {
    auto const& first = layout_.boxes.front();
    double const top = first.at.y - first.height / 2;
    out_ += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"6\" fill=\"{}\"/>\n", first.at.x, top - 36, ink);
    out_ += fmt::format("<path d=\"M{:.1f} {:.1f}V{:.1f}\" stroke=\"{}\" stroke-width=\"1.5\"/>\n", first.at.x,
                        top - 30, top - 7, muted);
    head({.x = first.at.x, .y = top}, false, muted);
    text(first.at.x + 14, top - 18, small_size, muted, in(definition_.opening.title), "");
  }

  void arrow(PlacedEdge const& edge, Arrow const& shown) {
    auto const colour = edge.back ? back_ink : muted;
    double const y_end = edge.route.back().y + (edge.back ? 6 : -6);
    auto path = fmt::format("M{:.1f} {:.1f}", edge.route.front().x, edge.route.front().y);
    for (std::size_t i = 1; i < edge.route.size(); ++i) {
      auto const& before = edge.route[i - 1];
      auto const& here = edge.route[i];
      double const y = i + 1 == edge.route.size() ? y_end : here.y;
      if (i % 2 == 1) {
        path += fmt::format("L{:.1f} {:.1f}", here.x, y);
      } else {
        double const middle = (before.y + here.y) / 2;
        path += fmt::format("C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}", before.x, middle, here.x, middle, here.x, y);
      }
    }
    out_ += fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{}/>\n", path, colour,
                        edge.back ? "1.2" : "1.5", shown.automatic ? " stroke-dasharray=\"6 4\"" : "");
    head(edge.route.back(), edge.back, colour);
  }

  void labels(PlacedEdge const& edge, Arrow const& shown) {
    out_ += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"#FFFFFF\"/>\n",
                        edge.label.x - edge.label_width / 2, edge.label.y - edge.label_height / 2, edge.label_width,
                        edge.label_height);
    double y = edge.label.y - edge.label_height / 2 + 12;
    for (auto const& line : shown.lines) {
      text(edge.label.x, y, small_size, edge.back ? back_ink : ink, line.text,
           "text-anchor=\"middle\" data-transition=\"" + line.transition + "\"");
      y += 16;
    }
  }

  void box(PlacedBox const& placed, StateBox const& shown) {
    auto const& state = *shown.state;
    bool const current = state.id == options_.current;
    bool const visited = !current && options_.visited.count(state.id) > 0;
    auto const colour = current ? accent : visited ? visited_ink : ink;
    auto const fill = current ? accent_tint : visited ? visited_tint : "#FFFFFF";
    auto const border = current ? accent : visited ? visited_ink : line_grey;
    double const x = placed.at.x - placed.width / 2;
    double const y = placed.at.y - placed.height / 2;
    out_ += fmt::format("<g data-state=\"{}\"{}>\n", state.id, current ? " aria-current=\"step\"" : "");
    auto const frame = [&](double inset, double thick) {
      out_ += fmt::format(
          "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"{:.0f}\" fill=\"{}\" "
          "stroke=\"{}\" stroke-width=\"{}\"/>\n",
          x + inset, y + inset, placed.width - 2 * inset, placed.height - 2 * inset, 8 - inset, fill, border, thick);
    };
    frame(0, current ? 3 : 1.5);
    if (state.final) frame(4, 1.5);
    // Never by colour alone: a dot is where the case is, a tick where it has been.
    if (current)
      out_ += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"{}\"/>\n", x + 12, y + 12, accent);
    if (visited)
      out_ += fmt::format("<path d=\"M{:.1f} {:.1f}l3 3 6-7\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.8\"/>\n",
                          x + 8, y + 13, visited_ink);
    double line = y + 24;
    for (auto const& words : shown.lines) {
      text(placed.at.x, line, title_size, colour, words, "text-anchor=\"middle\" font-weight=\"600\"");
      line += 19;
    }
    if (!shown.owner.empty()) {
      text(placed.at.x, line - 1, small_size, muted, shown.owner);
      line += 17;
    }
    if (!shown.more.empty()) {
      text(placed.at.x, line - 1, small_size, ink, shown.more);
      line += 17;
    }
    if (!shown.inside.empty()) inside(placed, shown, line, border);
    out_ += "</g>\n";
  }

  void inside(PlacedBox const& placed, StateBox const& shown, double line, std::string_view border) {
    out_ += fmt::format("<path d=\"M{:.1f} {:.1f}h{:.1f}\" stroke=\"{}\"/>\n", placed.at.x - placed.width / 2 + 8,
                        line - 9, placed.width - 16, border);
    for (auto const* const transition : shown.inside) {
      line += 17;
      text(placed.at.x, line - 10, small_size, ink, label_of(*transition),
           "text-anchor=\"middle\" data-transition=\"" + transition->id + "\"");
    }
  }

  void notes(double y) {
    for (std::size_t i = 0; i < notes_.size(); ++i) {
      auto const& [words, transition] = notes_[i];
      text(margin, y + 18 * static_cast<double>(i), small_size, transition.empty() ? muted : ink, words,
           transition.empty() ? "" : "data-transition=\"" + transition + "\"");
    }
  }

  Definition const& definition_;
  DiagramOptions const& options_;
  std::vector<StateBox> boxes_;
  std::vector<Arrow> arrows_;
  std::map<std::string, std::size_t> index_;  // of each state's box
  std::vector<LabelLine> notes_;
  Layout layout_;
  std::string out_;
};

}  // namespace

std::string diagram_svg(Definition const& definition, DiagramOptions const& options) {
  return Drawing(definition, options).svg();
}

}  // namespace bihuan
