#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <vector>

/// What a user would write in an afternoon: one particle after another, std::mt19937_64,
/// exponential waiting times. The baseline that the kernels' figures are ratios to, compiled alike
/// and run in the same process.
namespace powerstroke::bench {

/// Fixed rates; a release passes if passes(level, uniform) says so, uniform giving a number in [0,
/// 1). Uniform numbers by shift and multiplication: std's distributions take a third longer.
/// @returns strokes made.
template <class Passes>
std::uint64_t scalar_strokes(std::vector<int>& levels, double rate_up, double rate_down, double dt,
                             std::mt19937_64& random, Passes&& passes) {
  const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  const double mean_wait = 1.0 / (rate_up + rate_down), share_of_uptakes = rate_up * mean_wait;
  const auto wait = [&] { return -mean_wait * std::log(1.0 - uniform()); };
  std::uint64_t strokes = 0;
  for (int& level : levels)
    for (double t = wait(); t < dt; t += wait()) {
      if (uniform() < share_of_uptakes) {
        ++level;
        ++strokes;
      } else if (level >= 1 && passes(level, uniform)) {
        --level;
        ++strokes;
      }
    }
  return strokes;
}

inline std::uint64_t scalar_fixed_strokes(std::vector<int>& levels, double rate_up,
                                          double rate_down, double dt, std::mt19937_64& random) {
  return scalar_strokes(levels, rate_up, rate_down, dt, random, [](int, auto&&) { return true; });
}

/// Microreversible rates in d = 3: a release passes with the ratio of the momenta. Particles at
/// level + 0.5.
inline std::uint64_t scalar_microreversible_strokes(std::vector<int>& levels, double rate_up,
                                                    double rate_down, double dt,
                                                    std::mt19937_64& random) {
  return scalar_strokes(levels, rate_up, rate_down, dt, random, [](int level, auto&& uniform) {
    return uniform() < std::sqrt((level - 0.5) / (level + 0.5));
  });
}

/// Lines of a spectrum at constant rates, each so many levels of one ladder. @returns strokes made.
struct ScalarLine {
  int levels;
  double rate_up, rate_down;
};
inline std::uint64_t scalar_line_strokes(std::vector<int>& levels,
                                         const std::vector<ScalarLine>& lines, double dt,
                                         std::mt19937_64& random) {
  const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  double total = 0.0;
  for (const ScalarLine& line : lines) total += line.rate_up + line.rate_down;
  const auto wait = [&] { return -std::log(1.0 - uniform()) / total; };
  std::uint64_t strokes = 0;
  for (int& level : levels)
    for (double t = wait(); t < dt; t += wait()) {
      double share = uniform() * total;
      std::size_t k = 0;
      while (k + 1 < lines.size() && share >= lines[k].rate_up + lines[k].rate_down) {
        share -= lines[k].rate_up + lines[k].rate_down;
        ++k;
      }
      if (share < lines[k].rate_up) {
        level += lines[k].levels;
        ++strokes;
      } else if (level >= lines[k].levels) {
        level -= lines[k].levels;
        ++strokes;
      }
    }
  return strokes;
}

/// The paper's condition (8): w+ = w- phi, phi counted anew for each of the equal steps. @returns
/// strokes made.
inline std::uint64_t scalar_conserving_strokes(std::vector<int>& levels, double rate_down,
                                               double dt, int steps, std::mt19937_64& random) {
  std::uint64_t strokes = 0;
  for (int step = 0; step < steps; ++step) {
    std::size_t above = 0;
    for (const int level : levels) above += level >= 1 ? 1U : 0U;
    const double phi = static_cast<double>(above) / static_cast<double>(levels.size());
    strokes += scalar_fixed_strokes(levels, rate_down * phi, rate_down, dt / steps, random);
  }
  return strokes;
}

/// Each release is the uptake of another particle. @returns strokes made.
inline std::uint64_t scalar_exchange_strokes(std::vector<int>& levels, double rate_down, double dt,
                                             std::mt19937_64& random) {
  const double mean_wait = 1.0 / (rate_down * static_cast<double>(levels.size()));
  std::exponential_distribution<double> wait(1.0 / mean_wait);
  std::uniform_int_distribution<std::size_t> one_of(0, levels.size() - 1),
      other(0, levels.size() - 2);
  std::uint64_t strokes = 0;
  for (double t = wait(random); t < dt; t += wait(random)) {
    const std::size_t giver = one_of(random);
    if (levels[giver] < 1) continue;
    const std::size_t taker = other(random);
    --levels[giver];
    ++levels[taker + (taker >= giver ? 1U : 0U)];
    strokes += 2;
  }
  return strokes;
}

/// A particle in the double well v = (x^2 - 1)^2 along each axis, mass 1.
struct ScalarParticle {
  double x[3], p[3];
};

/// Velocity Verlet.
inline void scalar_verlet(std::vector<ScalarParticle>& particles, double h, int steps) {
  const auto force = [](double x) { return -4.0 * x * (x * x - 1.0); };
  for (int step = 0; step < steps; ++step)
    for (ScalarParticle& particle : particles)
      for (int axis = 0; axis < 3; ++axis) {
        double& x = particle.x[axis];
        double& p = particle.p[axis];
        p += 0.5 * h * force(x);
        x += h * p;
        p += 0.5 * h * force(x);
      }
}

/// BAOAB at friction 1 and temperature 1.
inline void scalar_baoab(std::vector<ScalarParticle>& particles, double h, int steps,
                         std::mt19937_64& random) {
  const auto force = [](double x) { return -4.0 * x * (x * x - 1.0); };
  std::normal_distribution<double> normal;
  const double kept = std::exp(-h), noise = std::sqrt(1.0 - kept * kept);
  for (int step = 0; step < steps; ++step)
    for (ScalarParticle& particle : particles)
      for (int axis = 0; axis < 3; ++axis) {
        double& x = particle.x[axis];
        double& p = particle.p[axis];
        p += 0.5 * h * force(x);
        x += 0.5 * h * p;
        p = kept * p + noise * normal(random);
        x += 0.5 * h * p;
        p += 0.5 * h * force(x);
      }
}

struct ScalarCollisions {
  std::uint64_t collisions, candidates;
};

/// Hard spheres of mass 1 by Bird's no-time-counter scheme: in each of the equal steps so many
/// candidate pairs as the largest sigma g that was ever met asks for; a larger one is found too
/// late for its step. @param cross_section sigma.
inline ScalarCollisions scalar_no_time_counter(std::vector<std::array<double, 3>>& velocities,
                                               double density, double cross_section, double dt,
                                               int steps, double& largest_speed,
                                               std::mt19937_64& random) {
  const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  const auto n = static_cast<double>(velocities.size());
  const auto any = [&] { return static_cast<std::size_t>(uniform() * n); };
  ScalarCollisions done{0, 0};
  for (int step = 0; step < steps; ++step) {
    const double expected = 0.5 * (n - 1.0) * density * cross_section * largest_speed * dt / steps;
    const auto count = static_cast<std::uint64_t>(expected + uniform());
    for (std::uint64_t candidate = 0; candidate < count; ++candidate) {
      std::array<double, 3>&v = velocities[any()], &w = velocities[any()];
      const double g = std::sqrt((v[0] - w[0]) * (v[0] - w[0]) + (v[1] - w[1]) * (v[1] - w[1]) +
                                 (v[2] - w[2]) * (v[2] - w[2]));
      largest_speed = std::fmax(largest_speed, g);
      if (&v == &w || uniform() * largest_speed >= g) continue;
      const double cosine = 2.0 * uniform() - 1.0, sine = std::sqrt(1.0 - cosine * cosine);
      const double angle = 2.0 * std::numbers::pi * uniform();
      const std::array<double, 3> half{0.5 * g * sine * std::cos(angle),
                                       0.5 * g * sine * std::sin(angle), 0.5 * g * cosine};
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const double mean = 0.5 * (v[axis] + w[axis]);
        v[axis] = mean + half[axis];
        w[axis] = mean - half[axis];
      }
      ++done.collisions;
    }
    done.candidates += count;
  }
  return done;
}

}  // namespace powerstroke::bench
