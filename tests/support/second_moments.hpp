#pragma once

#include <cmath>

/// Means and second moments of (x, p) under linear maps and linear stochastic equations: what
/// particles of a harmonic or no potential are held against, without any noise.
namespace test_support {

/// Row-major.
struct Matrix2 {
  double xx, xp, px, pp;

  Matrix2 operator*(const Matrix2& b) const {
    return {xx * b.xx + xp * b.px, xx * b.xp + xp * b.pp, px * b.xx + pp * b.px,
            px * b.xp + pp * b.pp};
  }
  Matrix2 operator+(const Matrix2& b) const { return {xx + b.xx, xp + b.xp, px + b.px, pp + b.pp}; }
  Matrix2 transposed() const { return {xx, px, xp, pp}; }
};

/// The normal law of (x, p): means and covariance.
struct Moments {
  double x, p;
  Matrix2 covariance;

  /// (x, p) -> map (x, p) + a normal number of variance `noise` on p.
  Moments after(const Matrix2& map, double noise = 0.0) const {
    Matrix2 spread = map * covariance * map.transposed();
    spread.pp += noise;
    return {map.xx * x + map.xp * p, map.px * x + map.pp * p, spread};
  }
};

/// A harmonic well (stiffness 0: none) with friction and noise.
struct LinearBath {
  double mass, stiffness, friction, temperature;

  /// The parts of a split, each over h.
  Moments kicked(const Moments& m, double h) const {
    return m.after({1.0, 0.0, -stiffness * h, 1.0});
  }
  Moments flown(const Moments& m, double h) const { return m.after({1.0, h / mass, 0.0, 1.0}); }
  Moments thermalised(const Moments& m, double h) const {
    const double kept = std::exp(-friction * h);
    return m.after({1.0, 0.0, 0.0, kept}, mass * temperature * (1.0 - kept * kept));
  }

  /// BAOAB, by its letters.
  Moments baoab(Moments m, double h) const {
    m = kicked(m, 0.5 * h);
    m = flown(m, 0.5 * h);
    m = thermalised(m, h);
    m = flown(m, 0.5 * h);
    return kicked(m, 0.5 * h);
  }
  Moments baoab(Moments m, double h, int steps) const {
    for (int step = 0; step < steps; ++step) m = baoab(m, h);
    return m;
  }
};

}  // namespace test_support
