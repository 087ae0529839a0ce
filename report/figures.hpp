#pragma once

#include <vector>

#include "powerstroke/report/figure.hpp"
#include "powerstroke/study/result/result.hpp"

/// The figures of a report, each with its caption; a figure that has nothing to show says why.
namespace powerstroke::report {

Figure energy_figure(const study::RunResult& result);   ///< P(E) at some times
Figure entropy_figure(const study::RunResult& result);  ///< S_E and S^(1) against time
Figure mean_energy_figure(const study::RunResult& result);
Figure phi_figure(const study::RunResult& result);          ///< of the first transition
Figure production_figure(const study::RunResult& result);   ///< and, where entropy goes to surroundings, its balance
Figure bath_figure(const study::RunResult& result);         ///< the two-level systems, and the total entropy
Figure path_figure(const study::RunResult& result);         ///< <exp(-Delta s_tot)> and <Delta s_tot>
Figure information_figure(const study::RunResult& result);  ///< I(E_0; E_t)
Figure flip_figure(const study::RunResult& result);         ///< rates law rosen_zener: P(v), and the run's speeds
Figure levels_figure(const study::RunResult& result);       ///< the ladder's levels at the end, against the stationary law
Figure mixed_end_figure(const study::RunResult& result);    ///< without a ladder: the end against the stationary law
Figure tests_figure(const study::RunResult& result);        ///< p-values

/// The paper's Figure 2: the internal energy of a two-level system during a fast, a middle and a slow passage. Needs no run.
/// @throws NumericsError never for its own parameters.
Figure passage_figure();

/// Those that apply to a run, in this order.
std::vector<Figure> report_figures(const study::RunResult& result);

}  // namespace powerstroke::report
