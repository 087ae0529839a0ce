#include "powerstroke/io/result/hdf5.hpp"

#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/result/durable_file.hpp"
#include "powerstroke/io/result/hdf5_handles.hpp"

namespace powerstroke::io {

using namespace hdf5;

namespace {

constexpr const char* kFormatName = "powerstroke-result/";
constexpr int kFormatNumber = 1;

/// Chunks of at most a mebibyte with a checksum each, so that a flipped bit is noticed, and deflate where HDF5 has it.
Handle creation_properties(const std::vector<hsize_t>& dims, bool numbers) {
  Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "dataset properties");
  check(H5Pset_obj_track_times(properties.get(), false), "dataset properties");  // equal results, equal bytes
  const bool empty = std::find(dims.begin(), dims.end(), hsize_t{0}) != dims.end();
  if (!numbers || dims.empty() || empty) return properties;
  constexpr hsize_t kChunk = 131072;
  std::vector<hsize_t> chunk = dims;
  chunk.back() = std::min(dims.back(), kChunk);
  if (dims.size() == 2) chunk.front() = std::clamp<hsize_t>(kChunk / chunk.back(), 1, dims.front());
  check(H5Pset_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data()), "chunks");
  if (dims.size() == 2 && H5Zfilter_avail(H5Z_FILTER_DEFLATE) > 0) {
    check(H5Pset_shuffle(properties.get()), "shuffle");
    check(H5Pset_deflate(properties.get(), 4), "deflate");
  }
  check(H5Pset_fletcher32(properties.get()), "checksum");
  return properties;
}

std::string read_text_attribute(hid_t object, const char* name) {
  if (H5Aexists(object, name) <= 0) throw Failure(fmt::format("the attribute '{}' is missing", name));
  const Handle attribute(H5Aopen(object, name, kDefault), H5Aclose, name);
  const Handle stored(H5Aget_type(attribute.get()), H5Tclose, name);
  const Handle space(H5Aget_space(attribute.get()), H5Sclose, name);
  if (H5Tget_class(stored.get()) != H5T_STRING || H5Tis_variable_str(stored.get()) <= 0 ||
      H5Sget_simple_extent_npoints(space.get()) != 1) {
    throw Failure(fmt::format("the attribute '{}' is no text", name));
  }
  const Handle type = text_type();
  char* text = nullptr;
  check(H5Aread(attribute.get(), type.get(), &text), name);
  std::string value = text == nullptr ? "" : text;
  H5Dvlen_reclaim(type.get(), space.get(), kDefault, &text);
  return value;
}

template <class T>
T read_number_attribute(hid_t object, const char* name) {
  if (H5Aexists(object, name) <= 0) throw Failure(fmt::format("the attribute '{}' is missing", name));
  const auto [in_file, in_memory] = number_type<T>();
  const Handle attribute(H5Aopen(object, name, kDefault), H5Aclose, name);
  const Handle stored(H5Aget_type(attribute.get()), H5Tclose, name);
  const Handle space(H5Aget_space(attribute.get()), H5Sclose, name);
  if (H5Tequal(stored.get(), in_file) <= 0 || H5Sget_simple_extent_npoints(space.get()) != 1) {
    throw Failure(fmt::format("the attribute '{}' has another type than it should", name));
  }
  T value{};
  check(H5Aread(attribute.get(), in_memory, &value), name);
  return value;
}

/// Writes the fields of one group.
class Writer {
 public:
  explicit Writer(Handle group) : group_(std::move(group)) {}

  Writer group(const char* name) const {
    return Writer(Handle(H5Gcreate2(group_.get(), name, kDefault, kDefault, kDefault), H5Gclose, name));
  }

  template <class T>
  void field(const char* name, const T& value, const char* units, const char* description) const {
    if constexpr (std::is_same_v<T, bool>) {
      const std::uint8_t byte = value ? 1 : 0;
      numbers<std::uint8_t>(name, {}, &byte, units, description);
    } else if constexpr (std::is_arithmetic_v<T>) {
      numbers<T>(name, {}, &value, units, description);
    } else if constexpr (std::is_same_v<T, std::string>) {
      const char* text = value.c_str();
      texts(name, {}, &text, units, description);
    } else {
      array(name, value, units, description);
    }
  }

  /// One column of a table: a member of every row.
  template <class Row, class T>
  void column(const char* name, const std::vector<Row>& rows, T Row::*member, const char* units,
              const char* description) const {
    std::vector<T> values;
    for (const Row& row : rows) values.push_back(row.*member);
    array(name, values, units, description);
  }

 private:
  template <class T>
  void array(const char* name, const std::vector<T>& values, const char* units, const char* description) const {
    numbers<T>(name, {values.size()}, values.data(), units, description);
  }

  void array(const char* name, const std::vector<std::string>& values, const char* units, const char* description) const {
    std::vector<const char*> pointers;
    for (const std::string& value : values) pointers.push_back(value.c_str());
    texts(name, {values.size()}, pointers.data(), units, description);
  }

  template <class T>
  void array(const char* name, const std::vector<std::vector<T>>& rows, const char* units, const char* description) const {
    const std::size_t width = rows.empty() ? 0 : rows.front().size();
    std::vector<T> flat;
    flat.reserve(rows.size() * width);
    for (const std::vector<T>& row : rows) {
      if (row.size() != width) throw Failure(fmt::format("the rows of '{}' are not equally long", name));
      flat.insert(flat.end(), row.begin(), row.end());
    }
    numbers<T>(name, {rows.size(), width}, flat.data(), units, description);
  }

  template <class T>
  void numbers(const char* name, const std::vector<hsize_t>& dims, const T* data, const char* units,
               const char* description) const {
    const auto [in_file, in_memory] = number_type<T>();
    dataset(name, dims, in_file, in_memory, true, data, units, description);
  }

  void texts(const char* name, const std::vector<hsize_t>& dims, const char* const* data, const char* units,
             const char* description) const {
    const Handle type = text_type();
    dataset(name, dims, type.get(), type.get(), false, data, units, description);
  }

  void dataset(const char* name, const std::vector<hsize_t>& dims, hid_t in_file, hid_t in_memory, bool is_number,
               const void* data, const char* units, const char* description) const {
    const Handle space = space_of(dims);
    const Handle properties = creation_properties(dims, is_number);
    const Handle set(H5Dcreate2(group_.get(), name, in_file, space.get(), kDefault, properties.get(), kDefault), H5Dclose,
                     name);
    if (H5Sget_simple_extent_npoints(space.get()) > 0) {
      check(H5Dwrite(set.get(), in_memory, kAll, kAll, kDefault, data), name);
    }
    write_text_attribute(set.get(), "units", units);
    write_text_attribute(set.get(), "description", description);
  }

  Handle group_;
};

/// Reads the fields of one group; takes the same calls as Writer.
class Reader {
 public:
  Reader(Handle group, std::string path) : group_(std::move(group)), path_(std::move(path)) {}

  Reader group(const char* name) const {
    const std::string path = path_ + name;
    require(name, "group", path);
    return Reader(Handle(H5Gopen2(group_.get(), name, kDefault), H5Gclose, path), path + "/");
  }

  template <class T>
  void field(const char* name, T& value, const char*, const char*) const {
    if constexpr (std::is_same_v<T, bool>) {
      std::uint8_t byte = 0;
      scalar(name, byte);
      value = byte != 0;
    } else if constexpr (std::is_arithmetic_v<T>) {
      scalar(name, value);
    } else if constexpr (std::is_same_v<T, std::string>) {
      value = texts(name, 0).front();
    } else {
      array(name, value);
    }
  }

  template <class Row, class T>
  void column(const char* name, std::vector<Row>& rows, T Row::*member, const char*, const char*) const {
    std::vector<T> values;
    array(name, values);
    if (rows.empty()) rows.resize(values.size());
    if (values.size() != rows.size()) {
      throw Failure(fmt::format("'{}{}' has {} rows where its neighbours have {}", path_, name, values.size(), rows.size()));
    }
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].*member = values[i];
  }

 private:
  void require(const char* name, const char* kind, const std::string& path) const {
    if (H5Lexists(group_.get(), name, kDefault) <= 0) throw Failure(fmt::format("the {} '{}' is missing", kind, path));
  }

  Handle open(const char* name) const {
    const std::string path = path_ + name;
    require(name, "dataset", path);
    return Handle(H5Dopen2(group_.get(), name, kDefault), H5Dclose, path);
  }

  std::vector<hsize_t> dims_of(const Handle& set, std::size_t rank, const std::string& path) const {
    const Handle space(H5Dget_space(set.get()), H5Sclose, path);
    const int found = H5Sget_simple_extent_ndims(space.get());
    if (found != static_cast<int>(rank)) {
      throw Failure(fmt::format("the dataset '{}' has {} dimensions, not {}", path, found, rank));
    }
    std::vector<hsize_t> dims(rank);
    if (rank > 0) check(H5Sget_simple_extent_dims(space.get(), dims.data(), nullptr), path);
    return dims;
  }

  template <class T>
  void read_numbers(const Handle& set, T* data, const std::string& path) const {
    const auto [in_file, in_memory] = number_type<T>();
    const Handle stored(H5Dget_type(set.get()), H5Tclose, path);
    if (H5Tequal(stored.get(), in_file) <= 0) {
      throw Failure(fmt::format("the dataset '{}' holds another type of number than it should", path));
    }
    if (data != nullptr) check(H5Dread(set.get(), in_memory, kAll, kAll, kDefault, data), path);
  }

  template <class T>
  void scalar(const char* name, T& value) const {
    const std::string path = path_ + name;
    const Handle set = open(name);
    dims_of(set, 0, path);
    read_numbers(set, &value, path);
  }

  template <class T>
  void array(const char* name, std::vector<T>& values) const {
    const std::string path = path_ + name;
    const Handle set = open(name);
    values.resize(dims_of(set, 1, path)[0]);
    read_numbers(set, values.empty() ? nullptr : values.data(), path);
  }

  void array(const char* name, std::vector<std::string>& values) const { values = texts(name, 1); }

  template <class T>
  void array(const char* name, std::vector<std::vector<T>>& rows) const {
    const std::string path = path_ + name;
    const Handle set = open(name);
    const std::vector<hsize_t> dims = dims_of(set, 2, path);
    const std::size_t width = dims[1];
    std::vector<T> flat(dims[0] * width);
    read_numbers(set, flat.empty() ? nullptr : flat.data(), path);
    rows.assign(dims[0], {});
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].assign(flat.data() + i * width, flat.data() + (i + 1) * width);
  }

  std::vector<std::string> texts(const char* name, std::size_t rank) const {
    const std::string path = path_ + name;
    const Handle set = open(name);
    const std::vector<hsize_t> dims = dims_of(set, rank, path);
    const Handle stored(H5Dget_type(set.get()), H5Tclose, path);
    if (H5Tget_class(stored.get()) != H5T_STRING || H5Tis_variable_str(stored.get()) <= 0) {
      throw Failure(fmt::format("the dataset '{}' is no text", path));
    }
    std::vector<char*> pointers(rank == 0 ? 1 : dims[0], nullptr);
    if (pointers.empty()) return {};
    const Handle type = text_type();
    const Handle space(H5Dget_space(set.get()), H5Sclose, path);
    check(H5Dread(set.get(), type.get(), kAll, kAll, kDefault, pointers.data()), path);
    std::vector<std::string> values;
    for (const char* text : pointers) values.emplace_back(text == nullptr ? "" : text);
    H5Dvlen_reclaim(type.get(), space.get(), kDefault, pointers.data());
    return values;
  }

  Handle group_;
  std::string path_;
};

/// What the attributes "units" and "description" say: the names of the config's units, or of what is measured in reduced ones.
struct UnitNames {
  explicit UnitNames(const Units& units)
      : energy(units.reduced ? "energy" : units.energy),
        time(units.reduced ? "time" : units.time),
        production("k_B/" + time),
        momentum(units.reduced ? "" : units.momentum()) {}

  std::string of_energy(const std::string& text) const { return momentum.empty() ? text : text + "; E in " + energy; }
  std::string of_momenta(const std::string& text) const {
    return momentum.empty() ? text : text + "; momenta in " + momentum;
  }

  std::string energy, time, production, momentum;
};

template <class Archive, class Fits>
void walk_fits(const Archive& group, Fits& fits, const UnitNames& units) {
  group.column("t", fits, &Fit::t, units.time.c_str(), "Time of the snapshot");
  group.column("chi2", fits, &Fit::chi2, "1", "Pearson's chi-square, classes with few expected counts merged");
  group.column("dof", fits, &Fit::dof, "1", "Degrees of freedom of chi2");
  group.column("p_value", fits, &Fit::p_value, "1", "Probability of a chi2 at least this large by chance");
  group.column("kl_divergence", fits, &Fit::kl_divergence, "k_B", "Kullback-Leibler divergence, particles to equation");
  group.column("total_variation", fits, &Fit::total_variation, "1", "Total variation distance, particles to equation");
}

/// The unit of a quantity in phase space, by its kind.
std::string phase_unit(const std::string& kind, const UnitNames& units) {
  return kind == "energy" ? units.energy : kind == "length" ? "speed * " + units.time : kind;
}

template <class Archive, class Side>
void walk_side(const Archive& group, Side& side, const UnitNames& units) {
  group.field("description", side.description, "text", "What acts on this ensemble");
  group.field("temperature", side.temperature, units.energy.c_str(),
              "Temperature of the law beside it, as k_B T; NaN without");
  group.column("quantities", side.tracks, &Track::name, "text", "Names of the quantities against time");
  group.column("quantity_units", side.tracks, &Track::units, "text", "Kinds of their units");
  group.column("quantity_descriptions", side.tracks, &Track::description, "text", "What they are");
  for (auto& track : side.tracks) {
    const std::string unit = phase_unit(track.units, units), error = track.name + "_err";
    group.field(track.name.c_str(), track.value, unit.c_str(), track.description.c_str());
    group.field(error.c_str(), track.error, unit.c_str(), "Its standard error; 0 for a count");
  }
  group.column("coordinates", side.marginals, &Marginal::name, "text", "Coordinates whose histograms at the end are here");
  group.column("coordinate_totals", side.marginals, &Marginal::total, "1", "Particles, inside the edges or not");
  for (auto& marginal : side.marginals) {
    const auto below = group.group(("end_" + marginal.name).c_str());
    below.field("edges", marginal.edges, "coordinate", "Edges of the bins, one more than bins");
    below.field("counts", marginal.counts, "1", "Particles in a bin");
    below.field("probability", marginal.probability, "1", "Of a bin by Boltzmann's law; empty without a temperature");
  }
  group.column("cloud_t", side.clouds, &Cloud::t, units.time.c_str(), "Times at which some particles are kept");
  for (std::size_t k = 0; k < side.clouds.size(); ++k) {
    const auto below = group.group(fmt::format("cloud_{}", k).c_str());
    below.field("x", side.clouds[k].x, "length", "First components of their positions");
    below.field("p", side.clouds[k].p, "momentum", "First components of their momenta");
  }
  group.field("work_at_end", side.work, units.energy.c_str(),
              "Work on each particle, where the potential is driven; else empty");
}

template <class Archive, class Phase>
void walk_phase_space(const Archive& group, Phase& phase, const UnitNames& units) {
  group.column("sides", phase.sides, &PhaseSide::name, "text", "Ensembles that start alike; the first is the run itself");
  for (auto& side : phase.sides) walk_side(group.group(side.name.c_str()), side, units);
  const auto tests = group.group("tests");
  tests.column("side", phase.tests, &PhaseTest::side, "text", "Of which ensemble");
  tests.column("what", phase.tests, &PhaseTest::what, "text", "What is held against what is known");
  tests.column("measured", phase.tests, &PhaseTest::measured, "1", "Measured; of a chi-square, the statistic");
  tests.column("expected", phase.tests, &PhaseTest::expected, "1", "Known; of a chi-square, the degrees of freedom");
  tests.column("p_value", phase.tests, &PhaseTest::p_value, "1", "Probability of such a deviation by chance");
  std::vector<std::uint8_t> must;
  for (const PhaseTest& test : phase.tests) must.push_back(test.must_hold ? 1 : 0);
  tests.field("must_hold", must, "1", "1 if it follows from the physics of the run; 0 if it may say: not there yet");
  if constexpr (!std::is_const_v<Phase>)
    for (std::size_t k = 0; k < must.size(); ++k) phase.tests.at(k).must_hold = must[k] != 0;
}

/// Every field once, with its name, units and meaning: writing and reading both walk this list.
template <class Archive, class Result>
void walk(const Archive& root, Result& result) {
  const UnitNames units(result.config.units);
  {
    const auto group = root.group("series");
    auto& s = result.series;
    group.field("t", s.t, units.time.c_str(), "Time of each snapshot, in the units of 1/rate");
    group.field("mean_energy", s.mean_energy, units.energy.c_str(), "Mean kinetic energy of a particle");
    group.field("mean_energy_err", s.mean_energy_err, units.energy.c_str(), "Standard error of mean_energy");
    group.field("phi", s.phi, "1", "Fraction of particles with E > delta_e");
    group.field("phi_err", s.phi_err, "1", "Standard error of phi");
    group.field("S_E", s.S_E, "k_B",
                units.of_energy("Entropy of the energies, equation (9), from the histogram, bias-corrected").c_str());
    group.field("S_E_err", s.S_E_err, "k_B", "Standard error of S_E");
    group.field("S_1", s.S_1, "k_B",
                units.of_momenta("One-particle entropy, equation (10) through (A.8) with its constant").c_str());
    group.field("S_1_err", s.S_1_err, "k_B", "Standard error of S_1");
    group.field("mean_ln_E", s.mean_ln_E, "1", "Mean of ln E, E in units of the config's energy");
    group.field("mean_ln_E_err", s.mean_ln_E_err, "1", "Standard error of mean_ln_E");
    group.field("S_E_spacing", s.S_E_spacing, "k_B", "S_E without bins, from spacings; NaN where not evaluated");
    group.field("S_E_spacing_err", s.S_E_spacing_err, "k_B", "Standard error of S_E_spacing");
    group.field("strokes_up", s.strokes_up, "1", "Uptakes (energy to the particle) since t = 0");
    group.field("strokes_down", s.strokes_down, "1", "Releases (energy from the particle) since t = 0");
    group.field("blocked", s.blocked, "1", "Releases attempted with E <= delta_e since t = 0");
    group.field("excited", s.excited, "1",
                "Excited fraction of the two-level systems, [transition][snapshot]; empty without");
    group.field("path_entropy", s.path_entropy, "k_B", "Mean total entropy change along a particle's strokes since t = 0");
    group.field("path_entropy_err", s.path_entropy_err, "k_B", "Standard error of path_entropy");
    group.field("path_average", s.path_average, "1", "Mean of exp(-total entropy change): 1 by the fluctuation theorem");
    group.field("path_average_err", s.path_average_err, "1", "Standard error of path_average");
    group.field("information", s.information, "k_B", "Shannon information I(E_0; E_t) on quarters of the ladder's steps");
    group.field("information_err", s.information_err, "k_B", "Standard error of information");
  }
  {
    const auto group = root.group("histogram");
    auto& h = result.histograms;
    group.field("edges", h.edges, units.energy.c_str(), "Edges of the bins, one more than bins");
    group.field("counts", h.counts, "1", "Particles in a bin, [snapshot][bin]");
    group.field("overflow", h.overflow, "1", "Particles at or above the last edge, [snapshot]");
    group.field("levels", h.levels, "1", "Particles on a level of the ladder, [snapshot][level + 1]");
  }
  {
    const auto group = root.group("solution");
    auto& s = result.solution;
    group.field("t", s.t, units.time.c_str(), "Time of each snapshot, in the units of 1/rate");
    group.field("mean_energy", s.mean_energy, units.energy.c_str(), "Mean kinetic energy by the master equation");
    group.field("phi", s.phi, "1", "Probability of E > delta_e by the master equation");
    group.field("S_E", s.S_E, "k_B",
                units.of_energy("Entropy of the energies, equation (9), free of any bin width").c_str());
    group.field("S_1", s.S_1, "k_B",
                units.of_momenta("One-particle entropy, equation (10) through (A.8) with its constant").c_str());
    group.field("mean_ln_E", s.mean_ln_E, "1", "Mean of ln E, E in units of the config's energy");
    group.field("entropy_production", s.entropy_production, units.production.c_str(),
                "Entropy production, equation (A.6); its generalisation where energy is not conserved");
    group.field("entropy_exchange", s.entropy_exchange, units.production.c_str(),
                "Entropy given to the surroundings per time: production = change + exchange");
    group.field("entropy_change", s.entropy_change, units.production.c_str(),
                "Rate of change of S_E, or of S_1 where rates are microreversible");
    group.field("excited", s.excited, "1",
                "Excited fraction of the two-level systems, [transition][snapshot]; empty without");
    group.field("information", s.information, "k_B", "Shannon information I(E_0; E_t) on quarters of the ladder's steps");
    group.field("total_entropy", s.total_entropy, "k_B",
                "Entropy of a particle and its share of the two-level systems, up to a constant; empty without");
    group.field("bin_probability", s.bin_probability, "1", "Probability of a histogram bin, [snapshot][bin]");
    group.field("mass_error", s.mass_error, "1", "Largest deviation of the total probability from 1");
    group.field("error_estimate", s.error_estimate, "1",
                "Total variation that the solver may be off by: a bound at fixed rates, a sum of estimates under (8)");
    group.field("nodes", s.nodes, "1", "Ladders (offsets E mod delta_e) in the solver's grid");
    group.field("levels", s.levels, "1", "Levels of a ladder at the end");
  }
  {
    const auto group = root.group("comparison");
    auto& c = result.comparison;
    walk_fits(group.group("master_equation"), c.master_equation, units);
    walk_fits(group.group("levels"), c.levels, units);
    {
      const auto counts = group.group("counts");
      counts.column("what", c.counts, &CountTest::what, "text", "Which events of the whole run");
      counts.column("counted", c.counts, &CountTest::counted, "1", "Their number");
      counts.column("expected", c.counts, &CountTest::expected, "1", "Its mean by the law");
      counts.column("z", c.counts, &CountTest::z, "1", "Deviation over its standard deviation");
      counts.column("p_value", c.counts, &CountTest::p_value, "1", "Two-sided probability of such a deviation by chance");
    }
    group.field("false_alarm_rate", c.false_alarm_rate, "1", "Stated for the verdict as a whole");
    group.field("tests", c.tests, "1", "Number of tests that the verdict rests on");
    group.field("p_limit", c.p_limit, "1", "A test speaks against the run below this: false_alarm_rate / tests");
    std::string verdict = to_string(c.verdict);
    group.field("verdict", verdict, "text", "consistent, inconsistent or not_comparable");
    if constexpr (!std::is_const_v<Result>) {
      c.verdict = Verdict::not_comparable;
      for (const Verdict known : {Verdict::consistent, Verdict::inconsistent}) {
        if (to_string(known) == verdict) c.verdict = known;
      }
      if (to_string(c.verdict) != verdict) throw Failure(fmt::format("the verdict '{}' is none", verdict));
    }
    group.field("why", c.why, "text", "The verdict's reason");
    group.field("remarks", c.remarks, "text", "What agrees, what is frozen or not reached");

    const auto stationary = group.group("stationary");
    auto& s = c.stationary;
    stationary.field("law", s.law, "text", "The stationary law in words");
    stationary.field("exists", s.exists, "1", "1 if there is a stationary law and it was asked for");
    stationary.field("frozen", s.frozen, "1", "1 if phi = 0 under energy_conserving: nothing can happen");
    stationary.field("reached", s.reached, "1", "1 if the last snapshot and the solution agree with the law");
    stationary.field("temperature", s.temperature, units.energy.c_str(), "Temperature T of the law, as k_B T");
    stationary.field("ratio", s.ratio, "1", "Ratio of the geometric ladder");
    stationary.field("ks", s.ks, "1", "Kolmogorov-Smirnov distance on the histogram's edges");
    stationary.field("chi2", s.chi2, "1", "Chi-square of the occupation of the levels");
    stationary.field("dof", s.dof, "1", "Degrees of freedom of chi2");
    stationary.field("p_value", s.p_value, "1", "Probability of a chi2 at least this large by chance");
    stationary.field("kl_divergence", s.kl_divergence, "k_B", "Kullback-Leibler divergence, particles to law");
    stationary.field("total_variation", s.total_variation, "1", "Total variation distance, particles to law");
    stationary.field("solution_total_variation", s.solution_total_variation, "1",
                     "Total variation distance, solution to law: what is left to go");
    stationary.field("exponential_total_variation", s.exponential_total_variation, "1",
                     "Total variation distance, law to the exponential of equation (11)");
    stationary.field("bin_probability", s.bin_probability, "1", "The law over the histogram's bins");
    stationary.field("exponential_bin_probability", s.exponential_bin_probability, "1",
                     "The exponential of equation (11) with the same mean over the histogram's bins");
  }
  {
    const auto group = root.group("performance");
    auto& p = result.performance;
    group.field("strokes", p.strokes, "1", "Strokes simulated");
    group.field("wall_s", p.wall_s, "s", "Wall-clock seconds");
    group.field("strokes_per_s", p.strokes_per_s, "1/s", "Strokes a wall-clock second");
    group.field("threads", p.threads, "1", "Threads used");
    group.field("peak_memory_bytes", p.peak_memory_bytes, "byte", "Largest resident memory");
    group.field("bytes_per_particle", p.bytes_per_particle, "byte", "State held for a particle");
    group.field("steps", p.steps, "1", "Steps of the kernel");
  }
  if (result.phase_space) walk_phase_space(root.group("phase_space"), *result.phase_space, units);
}

/// The file in memory first: a full disk is then an ordinary failed write, not a half-closed HDF5 file.
std::string hdf5_image(const RunResult& result) {
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "file properties");
  check(H5Pset_fapl_core(access.get(), std::size_t{1} << 20, false), "file properties");
  const Handle file(H5Fcreate("powerstroke-result", H5F_ACC_TRUNC, kDefault, access.get()), H5Fclose, "file");
  {
    const Handle root(H5Gopen2(file.get(), "/", kDefault), H5Gclose, "/");
    write_text_attribute(root.get(), "format", fmt::format("{}{}", kFormatName, kFormatNumber));
    write_text_attribute(root.get(), "title", result.config.title);
    write_number_attribute<std::uint64_t>(root.get(), "seed", result.config.seed);
    write_text_attribute(root.get(), "config", result.config.json);
    write_text_attribute(root.get(), "version", result.provenance.version);
    write_text_attribute(root.get(), "compiler", result.provenance.compiler);
    write_text_attribute(root.get(), "build", result.provenance.build);
    write_text_attribute(root.get(), "revision", result.provenance.revision);
    write_text_attribute(root.get(), "created", result.provenance.created);
    write_number_attribute<std::uint8_t>(root.get(), "has_particles", result.has_particles ? 1 : 0);
    walk(Writer(Handle(H5Gopen2(file.get(), "/", kDefault), H5Gclose, "/")), result);
  }
  check(H5Fflush(file.get(), H5F_SCOPE_GLOBAL), "flush");
  const ssize_t size = H5Fget_file_image(file.get(), nullptr, 0);
  if (size < 0) throw Failure(hdf5_reason());
  std::string image(static_cast<std::size_t>(size), '\0');
  if (H5Fget_file_image(file.get(), image.data(), image.size()) < 0) throw Failure(hdf5_reason());
  return image;
}

void check_format(hid_t root) {
  if (H5Aexists(root, "format") <= 0) {
    throw Failure("it is an HDF5 file but no result of powerstroke (the root attribute 'format' is missing)");
  }
  const std::string format = read_text_attribute(root, "format");
  const std::string_view prefix = kFormatName;
  int number = 0;
  if (format.starts_with(prefix)) {
    std::from_chars(format.data() + prefix.size(), format.data() + format.size(), number);
  }
  if (number > kFormatNumber) {
    throw Failure(
        fmt::format("its format '{}' is newer than '{}{}', the newest this program knows: "
                    "read it with a newer powerstroke",
                    format, prefix, kFormatNumber));
  }
  if (number != kFormatNumber) {
    throw Failure(
        fmt::format("its format is '{}', not '{}{}': it is no result of powerstroke", format, prefix, kFormatNumber));
  }
}

/// Entries that must have one value a snapshot: nobody who reads the result should have to check it again.
void check_lengths(const RunResult& result) {
  const auto same = [](const char* name, std::size_t found, std::size_t expected) {
    if (found != expected) {
      throw Failure(fmt::format("the dataset '{}' has {} entries where its neighbours have {}", name, found, expected));
    }
  };
  const Series& s = result.series;
  for (const auto* column :
       {&s.mean_energy, &s.mean_energy_err, &s.phi, &s.phi_err, &s.S_E, &s.S_E_err, &s.S_1, &s.S_1_err}) {
    same("/series/*", column->size(), s.t.size());
  }
  const Solution& e = result.solution;
  for (const auto* column : {&e.mean_energy, &e.phi, &e.S_E, &e.S_1}) same("/solution/*", column->size(), e.t.size());
  const Histograms& h = result.histograms;
  same("/histogram/overflow", h.overflow.size(), h.counts.size());
  if (result.has_particles) same("/histogram/counts", h.counts.size(), s.t.size());
  same("/histogram/levels", h.levels.size(), h.counts.size());
  if (!h.counts.empty()) same("/histogram/edges", h.edges.size(), h.counts.front().size() + 1);
}

RunResult decode(const std::string& image, const std::string& origin) {
  if (image.empty()) throw Failure("it is empty");
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "file properties");
  check(H5Pset_fapl_core(access.get(), std::size_t{1} << 20, false), "file properties");
  std::string copy = image;  // HDF5 takes it without const, though it copies
  check(H5Pset_file_image(access.get(), copy.data(), copy.size()), "file image");
  const Handle file(H5Fopen("powerstroke-result", H5F_ACC_RDONLY, access.get()), H5Fclose, "it is no HDF5 file, or damaged");
  const Handle root(H5Gopen2(file.get(), "/", kDefault), H5Gclose, "/");
  check_format(root.get());
  RunResult result;
  const std::string json = read_text_attribute(root.get(), "config");
  try {
    result.config = parse_config(json, origin + " (config)");
  } catch (const ConfigError& error) {
    throw Failure(fmt::format("its config is not valid: {}", error.what()));
  }
  result.config.json = json;
  result.provenance.version = read_text_attribute(root.get(), "version");
  result.provenance.compiler = read_text_attribute(root.get(), "compiler");
  result.provenance.build = read_text_attribute(root.get(), "build");
  result.provenance.revision = read_text_attribute(root.get(), "revision");
  result.provenance.created = read_text_attribute(root.get(), "created");
  result.has_particles = read_number_attribute<std::uint8_t>(root.get(), "has_particles") != 0;
  if (result.config.phase_space) result.phase_space.emplace();
  walk(Reader(Handle(H5Gopen2(file.get(), "/", kDefault), H5Gclose, "/"), "/"), result);
  check_lengths(result);
  return result;
}

}  // namespace

void write_hdf5(const RunResult& result, const std::filesystem::path& path) {
  const SilentHdf5 silent;
  std::string image;
  try {
    image = hdf5_image(result);
  } catch (const Failure& failure) {
    throw IoError(fmt::format("cannot write '{}': {}", path.string(), failure.what()));
  }
  write_durably(path, image);
}

RunResult read_hdf5(const std::filesystem::path& path) {
  const SilentHdf5 silent;
  const std::string image = read_bytes(path);
  try {
    return decode(image, path.string());
  } catch (const IoError&) {
    throw;
  } catch (const std::exception& error) {  // what HDF5 refuses, and sizes that only a damaged file claims
    throw IoError(fmt::format("cannot read '{}': {}", path.string(), error.what()));
  }
}

}  // namespace powerstroke::io
