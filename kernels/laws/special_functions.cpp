#include "powerstroke/kernels/laws/special_functions.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/policies/policy.hpp>
#include <boost/math/special_functions/gamma.hpp>

namespace powerstroke::laws {
namespace {

namespace math = boost::math;

using InDouble = math::policies::policy<math::policies::promote_double<false>>;
using NormalInDouble = math::normal_distribution<double, InDouble>;

math::normal boost_normal(const NormalLaw& law) { return {law.mean, law.sigma}; }

}  // namespace

double gamma_p(double a, double x) { return math::gamma_p(a, x); }
double gamma_p_derivative(double a, double x) { return math::gamma_p_derivative(a, x); }
double gamma_q_inv(double a, double q) { return math::gamma_q_inv(a, q); }

double NormalLaw::density(double x) const { return math::pdf(boost_normal(*this), x); }
double NormalLaw::below(double x) const { return math::cdf(boost_normal(*this), x); }
double NormalLaw::above(double x) const {
  return math::cdf(math::complement(boost_normal(*this), x));
}
double NormalLaw::quantile_above(double probability) const {
  return math::quantile(math::complement(boost_normal(*this), probability));
}

TruncatedNormalQuantile::TruncatedNormalQuantile(double mean, double sigma)
    : mean_(mean),
      sigma_(sigma),
      cut_(math::cdf(NormalInDouble(mean, sigma), 0.0)),
      kept_(math::cdf(math::complement(NormalInDouble(mean, sigma), 0.0))) {}

double TruncatedNormalQuantile::operator()(double u) const {
  const NormalInDouble normal(mean_, sigma_);
  // The middle of the cell of width 2^-53 that u closes: neither tail is ever empty, so no quantile
  // is infinite.
  const double above = (u - 0x1p-54) * kept_;
  const double below = cut_ + ((1.0 - u) + 0x1p-54) * kept_;
  return std::max(0.0, above < 0.5 ? math::quantile(math::complement(normal, above))
                                   : math::quantile(normal, below));
}

}  // namespace powerstroke::laws
