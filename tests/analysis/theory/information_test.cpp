#include "powerstroke/analysis/theory/information.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "powerstroke/analysis/theory/closed_forms.hpp"
#include "support/stroke_laws.hpp"

using namespace powerstroke;

namespace {

double binary_entropy(double p) {
  return p <= 0.0 || p >= 1.0 ? 0.0 : -p * std::log(p) - (1.0 - p) * std::log(1.0 - p);
}

laws::EnergyLaw either(double low, double high, double share_of_low) {
  return {laws::MixtureEnergy{{{laws::DeltaEnergy{low}}, {laws::DeltaEnergy{high}}},
                              {share_of_low, 1.0 - share_of_low}}};
}

}  // namespace

TEST_CASE("information: one release at most is a binary channel that loses ones") {
  theory::InformationEquation equation(theory::initial_populations(either(0.5, 1.5, 0.5), 1.0),
                                       test_support::single({1.0, 0.0, 1.0}, false), 1);
  for (const double t : {0.0, 0.2, 1.0, 5.0}) {
    equation.advance(t);
    const double stays = std::exp(-t);
    const theory::Information found = equation.information();
    CHECK(
        found.mutual ==
        doctest::Approx(binary_entropy(0.5 * stays) - 0.5 * binary_entropy(stays)).epsilon(1e-10));
    CHECK(found.start_entropy == doctest::Approx(std::log(2.0)).epsilon(1e-14));
    CHECK(found.entropy == doctest::Approx(binary_entropy(0.5 * stays)).epsilon(1e-10));
    CHECK(found.carried == 0.0);
  }
}

TEST_CASE("information: what the Bessel form of the transient gives, level by level") {
  // Uniform over levels 1 and 3, offsets spread evenly over four cells.
  const laws::EnergyLaw start{laws::HistogramEnergy{{1.0, 2.0, 3.0, 4.0}, {0.3, 0.0, 0.7}}};
  constexpr double up = 0.6, down = 1.1;
  theory::InformationEquation equation(theory::initial_populations(start, 1.0),
                                       test_support::single({1.0, up, down}, false), 4);
  for (const double t : {0.4, 3.0}) {
    equation.advance(t);
    double mutual = 0.0;
    for (unsigned n = 0; n < 60; ++n) {
      const double from1 = theory::transient_level_probability(n, 1, t, up, down),
                   from3 = theory::transient_level_probability(n, 3, t, up, down),
                   now = 0.3 * from1 + 0.7 * from3;
      if (from1 > 0.0) mutual += 0.3 * from1 * std::log(from1 / now);
      if (from3 > 0.0) mutual += 0.7 * from3 * std::log(from3 / now);
    }
    const theory::Information found = equation.information();
    CHECK(found.mutual == doctest::Approx(mutual + std::log(4.0)).epsilon(1e-9));
    CHECK(found.carried == doctest::Approx(std::log(4.0)).epsilon(1e-12));
    CHECK(found.start_entropy ==
          doctest::Approx(std::log(4.0) + binary_entropy(0.3)).epsilon(1e-12));
  }
}

TEST_CASE("information: it falls from the entropy of the start to what the offset carries") {
  struct Case {
    laws::EnergyLaw start;
    laws::StrokeLaw law;
    double spacing;
    bool ends_at_carried;
  };
  const std::vector<Case> cases = {
      {{laws::NormalEnergy{3.5, 0.2}}, test_support::single({1.0, 0.5, 1.0}, false), 1.0, true},
      {{laws::MaxwellBoltzmannEnergy{2.0, 3}}, {{{2.0, 0.3, 1.0}, {3.0, 0.25, 0.5}}}, 1.0, true},
      {{laws::MaxwellBoltzmannEnergy{0.5, 3}},
       {{{1.0, 0.2, 1.0}}, laws::Microreversible(3)},
       1.0,
       false}};
  for (const Case& c : cases) {
    theory::InformationEquation equation(theory::initial_populations(c.start, c.spacing), c.law, 4);
    double before = equation.information().start_entropy;
    CHECK(equation.information().mutual == doctest::Approx(before).epsilon(1e-12));
    for (const double t : {0.1, 0.5, 2.0, 8.0, 30.0}) {
      equation.advance(t);
      const theory::Information now = equation.information();
      CHECK(now.mutual < before);
      CHECK(now.mutual > now.carried);
      before = now.mutual;
    }
    equation.advance(200.0);
    const theory::Information end = equation.information();
    MESSAGE("H(E_0) ", end.start_entropy, ", H(E_t) ", end.entropy, ", carried ", end.carried,
            ", I - carried ", end.mutual - end.carried);
    if (c.ends_at_carried)
      CHECK(end.mutual == doctest::Approx(end.carried).epsilon(1e-8));
    else  // the place within a cell weighs on the levels, and tells a little more than the cell
      CHECK(end.mutual > end.carried + 1e-7);
  }
}

TEST_CASE(
    "information: cells share what the law of energy gives them, and atoms go where their offset "
    "is") {
  const laws::EnergyLaw law{
      laws::MixtureEnergy{{{laws::NormalEnergy{2.0, 0.7}}, {laws::DeltaEnergy{1.25}}}, {0.8, 0.2}}};
  const auto populations = theory::initial_populations(law, 0.5);
  const auto found = theory::cell_probabilities(populations, 5);
  for (std::size_t c = 0; c < 5; ++c)
    for (std::size_t i = 1; i < populations.levels; ++i) {
      const double low = 0.5 * (static_cast<double>(i) - 1.0 + static_cast<double>(c) / 5.0);
      CHECK(found[c * populations.levels + i] ==
            doctest::Approx(laws::cumulative(law, low + 0.1) - laws::cumulative(law, low))
                .scale(1.0)
                .epsilon(1e-10));
    }
}
