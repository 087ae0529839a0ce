#include <fmt/format.h>

#include <exception>
#include <filesystem>

#include "powerstroke/io/trajectory/h5md.hpp"

/// write_trajectories FOLDER: the trajectories that trajectories_test.py expects, from formulas
/// that it has, too.
namespace {

using namespace powerstroke;
using Sides = laws::Extent::Sides;

/// Every value has few digits in binary: single precision, in which MDAnalysis computes, holds it
/// exactly.
void fill(PhaseEnsemble& ensemble, int frame) {
  for (int axis = 0; axis < ensemble.dimension(); ++axis) {
    for (std::size_t i = 0; i < ensemble.size(); ++i) {
      const double particle = static_cast<double>(i);
      ensemble.positions(axis)[i] = 0.25 * particle + axis + 0.125 * frame;
      ensemble.momenta(axis)[i] = 0.5 * particle - axis - 0.25 * frame;
    }
  }
}

void write(const std::filesystem::path& path, const io::H5mdLayout& layout, int frames) {
  PhaseEnsemble ensemble(layout.dimension, layout.species);
  io::H5mdWriter writer(path, layout);
  for (int frame = 0; frame < frames; ++frame) {
    fill(ensemble, frame);
    writer.append(static_cast<std::uint64_t>(100 * frame), 0.5 * frame, ensemble);
  }
  writer.close();
}

/// Two species in a periodic box; energies in u (nm/ns)^2 and times in ns, so that lengths are in
/// nm.
io::H5mdLayout gas() {
  constexpr double u = 1.66053906660e-27;
  io::H5mdLayout layout;
  layout.species = {{6, 2.0}, {4, 8.0}};
  for (int axis = 0; axis < 3; ++axis)
    layout.box.axis[static_cast<std::size_t>(axis)] = {Sides::periodic, 0.0, 4.0 + axis};
  layout.units.reduced = false;
  layout.units.energy_J = u;
  layout.units.time_s = 1e-9;
  layout.units.mass_kg = u;
  return layout;
}

/// One dimension without an end, reduced units.
io::H5mdLayout trap() {
  io::H5mdLayout layout;
  layout.dimension = 1;
  layout.species = {{5, 0.5}};
  return layout;
}

/// Two dimensions, periodic between walls; every fourth of 40 particles.
io::H5mdLayout slab() {
  io::H5mdLayout layout;
  layout.dimension = 2;
  layout.species = {{20, 1.0}, {20, 2.0}};
  layout.most_particles = 10;
  layout.box.axis[0] = {Sides::periodic, 0.0, 16.0};
  layout.box.axis[1] = {Sides::reflecting, 0.0, 16.0};
  return layout;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  try {
    write(folder / "gas.h5md", gas(), 7);
    write(folder / "trap.h5md", trap(), 3);
    write(folder / "slab.h5md", slab(), 3);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}
