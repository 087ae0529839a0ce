#pragma once

#include <vector>

#include "powerstroke/io/report/figure.hpp"
#include "powerstroke/io/result/result.hpp"

/// The figures of a report, each with its caption; a figure that has nothing to show says why.
namespace powerstroke::io {

Figure energy_figure(const RunResult& result);       ///< 1: P(E) at some times
Figure entropy_figure(const RunResult& result);      ///< 2: S_E and S^(1) against time
Figure mean_energy_figure(const RunResult& result);  ///< 3
Figure phi_figure(const RunResult& result);          ///< 4
Figure production_figure(const RunResult& result);   ///< 5: (A.6), and dS_E/dt where it is the same
Figure levels_figure(const RunResult& result);       ///< 6: the ladder's levels at the end, against the stationary law
Figure tests_figure(const RunResult& result);        ///< 7: p-values

/// All of them in this order.
std::vector<Figure> report_figures(const RunResult& result);

}  // namespace powerstroke::io
