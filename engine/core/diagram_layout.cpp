// SPDX-License-Identifier: Apache-2.0
#include "engine/core/diagram_layout.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numeric>

namespace bihuan {
namespace {

constexpr double gap_between = 22;  // of two neighbours in a layer
constexpr double thin = 10;         // the width a line needs that only passes
constexpr int sweeps = 24;

// A box, or the place where an edge crosses a layer. Every edge crosses at least one, where its label stands.
struct Item {
  bool box = false;
  double width = 0;
  double height = 0;
  std::size_t layer = 0;
  double x = 0;
  std::vector<std::size_t> above{};
  std::vector<std::size_t> below{};
};

class LayeredPlan {
 public:
  explicit LayeredPlan(Layout& layout) : layout_(layout) {}

  void run() {
    turn_back_edges();
    assign_layers();
    make_items();
    order();
    place_across();
    place_down();
    route();
  }

 private:
  [[nodiscard]] std::size_t upper(PlacedEdge const& edge) const { return edge.back ? edge.to : edge.from; }
  [[nodiscard]] std::size_t lower(PlacedEdge const& edge) const { return edge.back ? edge.from : edge.to; }

  // What leads back to a box that is still being walked closes a circle.
  void turn_back_edges() {
    enum class Mark : std::uint8_t { unseen, open, done };
    std::vector<Mark> marks(layout_.boxes.size(), Mark::unseen);
    std::function<void(std::size_t)> const walk = [&](std::size_t box) {
      marks[box] = Mark::open;
      for (auto& edge : layout_.edges) {
        if (edge.from != box) continue;
        if (marks[edge.to] == Mark::open) edge.back = true;
        if (marks[edge.to] == Mark::unseen) walk(edge.to);
      }
      marks[box] = Mark::done;
    };
    for (std::size_t box = 0; box < layout_.boxes.size(); ++box) {
      if (marks[box] == Mark::unseen) walk(box);
    }
  }

  // Longest path from the top; the layers of boxes are the even ones.
  void assign_layers() {
    layers_.assign(layout_.boxes.size(), 0);
    for (std::size_t round = 0; round < layout_.boxes.size(); ++round) {
      for (auto const& edge : layout_.edges)
        layers_[lower(edge)] = std::max(layers_[lower(edge)], layers_[upper(edge)] + 2);
    }
  }

  void make_items() {
    for (std::size_t box = 0; box < layout_.boxes.size(); ++box)
      items_.push_back(
          {.box = true, .width = layout_.boxes[box].width, .height = layout_.boxes[box].height, .layer = layers_[box]});
    for (auto const& edge : layout_.edges) {
      auto const top = layers_[upper(edge)];
      auto const bottom = layers_[lower(edge)];
      // A label stands next to the box that the edge leaves.
      auto const labelled = edge.back ? bottom - 1 : top + 1;
      auto previous = upper(edge);
      auto& chain = chains_.emplace_back();
      for (auto layer = top + 1; layer < bottom; ++layer) {
        auto const here = items_.size();
        bool const label = layer == labelled;
        items_.push_back({.width = label ? std::max(thin, edge.label_width) : thin,
                          .height = label ? edge.label_height : 0,
                          .layer = layer});
        if (label) labels_.push_back(here);
        join(previous, here);
        chain.push_back(here);
        previous = here;
      }
      join(previous, lower(edge));
    }
    rows_.resize(1 + *std::max_element(layers_.begin(), layers_.end()));
  }

  void join(std::size_t above, std::size_t below) {
    items_[above].below.push_back(below);
    items_[below].above.push_back(above);
  }

  void order() {
    std::vector<bool> seen(items_.size(), false);
    std::function<void(std::size_t)> const walk = [&](std::size_t item) {
      seen[item] = true;
      rows_[items_[item].layer].push_back(item);
      for (auto const next : items_[item].below) {
        if (!seen[next]) walk(next);
      }
    };
    for (std::size_t item = 0; item < items_.size(); ++item) {
      if (!seen[item] && items_[item].above.empty()) walk(item);
    }
    auto best = rows_;
    auto fewest = crossings();
    for (int sweep = 0; sweep < sweeps && fewest > 0; ++sweep) {
      bool const down = sweep % 2 == 0;
      for (std::size_t i = 0; i < rows_.size(); ++i) sort_row(down ? i : rows_.size() - 1 - i, down);
      swap_neighbours();
      if (auto const now = crossings(); now < fewest) {
        fewest = now;
        best = rows_;
      }
    }
    rows_ = std::move(best);
    number_rows();
  }

  void number_rows() {
    place_.resize(items_.size());
    for (auto const& row : rows_) {
      for (std::size_t i = 0; i < row.size(); ++i) place_[row[i]] = i;
    }
  }

  void sort_row(std::size_t layer, bool by_above) {
    number_rows();
    auto const middle = [&](std::size_t item) {
      auto const& next = by_above ? items_[item].above : items_[item].below;
      if (next.empty()) return static_cast<double>(place_[item]);
      double sum = 0;
      for (auto const other : next) sum += static_cast<double>(place_[other]);
      return sum / static_cast<double>(next.size());
    };
    std::stable_sort(rows_[layer].begin(), rows_[layer].end(),
                     [&](std::size_t a, std::size_t b) { return middle(a) < middle(b); });
  }

  [[nodiscard]] static std::size_t inversions(std::vector<std::size_t> const& left,
                                              std::vector<std::size_t> const& right,
                                              std::vector<std::size_t> const& place) {
    std::size_t count = 0;
    for (auto const a : left) {
      for (auto const b : right) count += place[a] > place[b] ? 1U : 0U;
    }
    return count;
  }

  std::size_t crossings() {
    number_rows();
    std::size_t count = 0;
    for (auto const& row : rows_) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        for (std::size_t j = i + 1; j < row.size(); ++j)
          count += inversions(items_[row[i]].below, items_[row[j]].below, place_);
      }
    }
    return count;
  }

  void swap_neighbours() {
    number_rows();
    bool better = true;
    for (int round = 0; better && round < 10; ++round) {
      better = false;
      for (auto& row : rows_) {
        for (std::size_t i = 0; i + 1 < row.size(); ++i) {
          auto const& a = items_[row[i]];
          auto const& b = items_[row[i + 1]];
          auto const now = inversions(a.above, b.above, place_) + inversions(a.below, b.below, place_);
          auto const swapped = inversions(b.above, a.above, place_) + inversions(b.below, a.below, place_);
          if (swapped >= now) continue;
          std::swap(place_[row[i]], place_[row[i + 1]]);
          std::swap(row[i], row[i + 1]);
          better = true;
        }
      }
    }
  }

  // Each row in turn moves towards its neighbours' middle, as near as the order and the gaps allow.
  void place_across() {
    for (auto const& row : rows_) {
      double x = 0;
      for (auto const item : row) {
        items_[item].x = x + items_[item].width / 2;
        x += items_[item].width + gap_between;
      }
    }
    for (int sweep = 0; sweep < 2 * sweeps; ++sweep) {
      bool const down = sweep % 2 == 0;
      bool const both = sweep >= sweeps;
      for (std::size_t i = 0; i < rows_.size(); ++i)
        settle(rows_[down ? i : rows_.size() - 1 - i], down || both, !down || both);
    }
    double least = items_.front().x;
    for (auto const& item : items_) least = std::min(least, item.x - item.width / 2);
    for (auto& item : items_) {
      item.x -= least;
      layout_.width = std::max(layout_.width, item.x + item.width / 2);
    }
  }

  struct Wish {
    double x;
    double weight;
  };

  [[nodiscard]] Wish wish(Item const& item, bool above, bool below) const {
    double sum = 0;
    double weights = 0;
    auto const take = [&](std::vector<std::size_t> const& others) {
      for (auto const other : others) {
        // A line that bends between two crossings looks worse than one that bends at a box.
        double const weight = item.box || items_[other].box ? 1 : 8;
        sum += weight * items_[other].x;
        weights += weight;
      }
    };
    if (above) take(item.above);
    if (below) take(item.below);
    return weights == 0 ? Wish{.x = item.x, .weight = 1} : Wish{.x = sum / weights, .weight = weights};
  }

  // The least squares of wishes under "keep the order and the gaps": pool adjacent violators, each shifted by
  // the width of what stands before it.
  void settle(std::vector<std::size_t> const& row, bool above, bool below) {
    struct Pool {
      double sum;
      double weight;
      std::size_t members;
    };
    std::vector<double> offsets;
    std::vector<Pool> pools;
    double offset = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) offset += (items_[row[i - 1]].width + items_[row[i]].width) / 2 + gap_between;
      offsets.push_back(offset);
      auto const wanted = wish(items_[row[i]], above, below);
      pools.push_back({.sum = wanted.weight * (wanted.x - offset), .weight = wanted.weight, .members = 1});
      while (pools.size() > 1) {
        auto const last = pools.back();
        auto& before = pools[pools.size() - 2];
        if (before.sum / before.weight <= last.sum / last.weight) break;
        before = {.sum = before.sum + last.sum,
                  .weight = before.weight + last.weight,
                  .members = before.members + last.members};
        pools.pop_back();
      }
    }
    std::size_t next = 0;
    for (auto const& pool : pools) {
      for (std::size_t i = 0; i < pool.members; ++i, ++next)
        items_[row[next]].x = pool.sum / pool.weight + offsets[next];
    }
  }

  void place_down() {
    double y = 0;
    for (auto const& row : rows_) {
      double height = 0;
      double slant = 0;
      for (auto const item : row) {
        height = std::max(height, items_[item].height);
        for (auto const other : items_[item].below) slant = std::max(slant, std::abs(items_[other].x - items_[item].x));
      }
      tops_.push_back(y);
      bottoms_.push_back(y + height);
      layout_.height = y + height;
      // The further a line goes sideways, the more room it has to do so.
      y += height + 18 + std::min(44.0, slant * 0.12);
    }
  }

  void route() {
    for (std::size_t box = 0; box < layout_.boxes.size(); ++box) {
      auto const layer = items_[box].layer;
      layout_.boxes[box].at = {.x = items_[box].x, .y = (tops_[layer] + bottoms_[layer]) / 2};
    }
    for (std::size_t i = 0; i < layout_.edges.size(); ++i) {
      auto& edge = layout_.edges[i];
      auto const& chain = chains_[i];
      auto const from = upper(edge);
      auto const to = lower(edge);
      double const out = port(from, items_[from].below, chain.front());
      double const in = port(to, items_[to].above, chain.back());
      edge.route = {{.x = out, .y = layout_.boxes[from].at.y + layout_.boxes[from].height / 2},
                    {.x = out, .y = bottoms_[layers_[from]]}};
      for (auto const item : chain) {
        edge.route.push_back({.x = items_[item].x, .y = tops_[items_[item].layer]});
        edge.route.push_back({.x = items_[item].x, .y = bottoms_[items_[item].layer]});
      }
      edge.route.push_back({.x = in, .y = tops_[layers_[to]]});
      edge.route.push_back({.x = in, .y = layout_.boxes[to].at.y - layout_.boxes[to].height / 2});
      if (edge.back) std::reverse(edge.route.begin(), edge.route.end());
      auto const& label = items_[labels_[i]];
      edge.label = {.x = label.x, .y = (tops_[label.layer] + bottoms_[label.layer]) / 2};
    }
  }

  // Lines meet a box side by side, in the order in which they come.
  [[nodiscard]] double port(std::size_t box, std::vector<std::size_t> others, std::size_t mine) const {
    std::sort(others.begin(), others.end(), [&](std::size_t a, std::size_t b) { return place_[a] < place_[b]; });
    auto const index = std::find(others.begin(), others.end(), mine) - others.begin();
    double const room = items_[box].width * 0.8;
    double const step = std::min(28.0, room / static_cast<double>(others.size()));
    return items_[box].x + step * (static_cast<double>(index) - (static_cast<double>(others.size()) - 1) / 2);
  }

  Layout& layout_;
  std::vector<std::size_t> layers_;               // of each box
  std::vector<Item> items_;                       // the boxes first
  std::vector<std::vector<std::size_t>> chains_;  // of each edge, from top to bottom
  std::vector<std::size_t> labels_;               // of each edge
  std::vector<std::vector<std::size_t>> rows_;
  std::vector<std::size_t> place_;  // of each item in its row
  std::vector<double> tops_;
  std::vector<double> bottoms_;
};

}  // namespace

void lay_out(Layout& layout) {
  if (layout.boxes.empty()) return;
  LayeredPlan(layout).run();
}

}  // namespace bihuan
