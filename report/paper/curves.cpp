#include "powerstroke/report/paper/curves.hpp"

#include <algorithm>
#include <utility>

namespace powerstroke::report {

Curve curve(std::string name, Mark mark, Ink ink, const std::vector<double>& x,
            const std::vector<double>& y, const std::vector<double>& errors) {
  Curve out{std::move(name), mark, ink, {}};
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
    out.points.push_back({x[i], y[i], i < errors.size() ? errors[i] : 0.0});
  return out;
}

Curve density_curve(std::string name, Mark mark, Ink ink, const std::vector<double>& edges,
                    const std::vector<double>& probability) {
  Curve out{std::move(name), mark, ink, {}};
  for (std::size_t i = 0; i < probability.size(); ++i) {
    const double density = probability[i] / (edges[i + 1] - edges[i]);
    if (mark == Mark::area) {
      out.points.push_back({edges[i], density});
    } else {
      out.points.push_back({0.5 * (edges[i] + edges[i + 1]), density});
    }
  }
  if (mark == Mark::area && !probability.empty())
    out.points.push_back({edges.back(), out.points.back().y});
  return out;
}

Figure single_figure(std::string id, std::string title, Panel panel, std::string caption,
                     std::string reading) {
  Figure figure;
  figure.id = std::move(id);
  figure.title = std::move(title);
  figure.caption = std::move(caption);
  figure.reading = std::move(reading);
  figure.layout = Layout::beside;
  figure.panels.push_back(std::move(panel));
  return figure;
}

}  // namespace powerstroke::report
