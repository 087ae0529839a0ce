#include "powerstroke/analysis/offset_map.hpp"

#include <algorithm>
#include <cmath>

#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke::analysis {

OffsetMap::OffsetMap(double period, std::vector<double> seams,
                     const std::function<double(double)>& share)
    : period_(period), seams_(std::move(seams)) {
  POWERSTROKE_EXPECT(period > 0.0 && !seams_.empty());
  first_ = seams_.front();
  // Shares of a thousandth are told apart; where there is nobody, F rises all the same, so that it
  // can be turned round.
  constexpr double finest_share = 1.0 / 512.0, finest_width = 1e-7, everywhere = 1e-6;
  constexpr int start = 64;
  const double all = share(period);
  const auto rising = [&](double y) {
    return (1.0 - everywhere) * (all > 0.0 ? share(y) / all : y / period) + everywhere * y / period;
  };
  std::vector<double> coarse;
  for (int i = 0; i <= start; ++i) coarse.push_back(period * i / start);
  for (const double seam : seams_) coarse.push_back(seam - first_);
  std::ranges::sort(coarse);
  coarse.erase(std::unique(coarse.begin(), coarse.end()), coarse.end());
  knots_.push_back(0.0);
  shares_.push_back(0.0);
  const std::function<void(double, double, double)> cut = [&](double from, double to,
                                                              double above) {
    if (above - shares_.back() > finest_share && to - from > finest_width * period) {
      const double middle = 0.5 * (from + to);
      cut(from, middle, rising(middle));
      cut(middle, to, above);
    } else if (above > shares_.back()) {
      knots_.push_back(to);
      shares_.push_back(above);
    }
  };
  for (std::size_t i = 0; i + 1 < coarse.size(); ++i)
    cut(coarse[i], coarse[i + 1], i + 2 < coarse.size() ? rising(coarse[i + 1]) : 1.0);
  for (double& seam : seams_) {
    const auto knot = std::ranges::lower_bound(knots_, seam - first_);
    seam = knot == knots_.end() ? 1.0 : shares_[static_cast<std::size_t>(knot - knots_.begin())];
  }
}

OffsetMap::Place OffsetMap::operator()(double energy) const {
  if (knots_.empty()) return {energy, 0.0};
  const double above = energy - first_, turn = std::floor(above / period_),
               offset = above - turn * period_;
  const auto knot =
      std::clamp(std::ranges::upper_bound(knots_, offset), knots_.begin() + 1, knots_.end() - 1);
  const auto i = static_cast<std::size_t>(knot - knots_.begin());
  const double slope = (shares_[i] - shares_[i - 1]) / (knots_[i] - knots_[i - 1]);
  return {turn + shares_[i - 1] + slope * (offset - knots_[i - 1]), std::log(slope)};
}

}  // namespace powerstroke::analysis
