#include "powerstroke/io/trajectory/h5md.hpp"

#include <doctest/doctest.h>
#include <hdf5.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/files/durable_file.hpp"
#include "support/temporary_folder.hpp"

using namespace powerstroke;
using namespace powerstroke::io;
using namespace powerstroke::study;
namespace fs = std::filesystem;
using Sides = laws::Extent::Sides;

namespace {

/// An HDF5 file read by the library's C functions, without any of the writer's.
class File {
 public:
  explicit File(const fs::path& path) : id_(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT)) {
    REQUIRE(id_ >= 0);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { H5Fclose(id_); }

  /// Of a path whose group is there.
  bool has(const std::string& path) const { return H5Lexists(id_, path.c_str(), H5P_DEFAULT) > 0; }
  bool same_object(const std::string& a, const std::string& b) const {
    H5O_info_t one, other;
    REQUIRE(H5Oget_info_by_name(id_, a.c_str(), &one, H5P_DEFAULT) >= 0);
    REQUIRE(H5Oget_info_by_name(id_, b.c_str(), &other, H5P_DEFAULT) >= 0);
    return one.addr == other.addr;
  }

  std::vector<hsize_t> extent(const std::string& path) const {
    const hid_t set = H5Dopen2(id_, path.c_str(), H5P_DEFAULT);
    REQUIRE(set >= 0);
    const hid_t space = H5Dget_space(set);
    std::vector<hsize_t> dims(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
    H5Sget_simple_extent_dims(space, dims.data(), nullptr);
    H5Sclose(space);
    H5Dclose(set);
    return dims;
  }
  H5T_class_t type(const std::string& path) const {
    const hid_t set = H5Dopen2(id_, path.c_str(), H5P_DEFAULT);
    const hid_t stored = H5Dget_type(set);
    const H5T_class_t kind = H5Tget_class(stored);
    H5Tclose(stored);
    H5Dclose(set);
    return kind;
  }
  std::vector<double> numbers(const std::string& path) const {
    std::size_t count = 1;
    for (const hsize_t length : extent(path)) count *= length;
    std::vector<double> values(count);
    const hid_t set = H5Dopen2(id_, path.c_str(), H5P_DEFAULT);
    CHECK(H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0);
    H5Dclose(set);
    return values;
  }

  bool has_attribute(const std::string& object, const char* name) const {
    return H5Aexists_by_name(id_, object.c_str(), name, H5P_DEFAULT) > 0;
  }
  std::vector<double> number_attribute(const std::string& object, const char* name) const {
    const hid_t attribute = H5Aopen_by_name(id_, object.c_str(), name, H5P_DEFAULT, H5P_DEFAULT);
    REQUIRE(attribute >= 0);
    const hid_t space = H5Aget_space(attribute);
    std::vector<double> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
    CHECK(H5Aread(attribute, H5T_NATIVE_DOUBLE, values.data()) >= 0);
    H5Sclose(space);
    H5Aclose(attribute);
    return values;
  }
  /// Texts of fixed length.
  std::vector<std::string> texts(const std::string& object, const char* name) const {
    const hid_t attribute = H5Aopen_by_name(id_, object.c_str(), name, H5P_DEFAULT, H5P_DEFAULT);
    REQUIRE(attribute >= 0);
    const hid_t type = H5Aget_type(attribute);
    REQUIRE(H5Tis_variable_str(type) == 0);
    const hid_t space = H5Aget_space(attribute);
    const std::size_t width = H5Tget_size(type),
                      count = static_cast<std::size_t>(H5Sget_simple_extent_npoints(space));
    std::vector<char> raw(width * count);
    CHECK(H5Aread(attribute, type, raw.data()) >= 0);
    std::vector<std::string> found;
    for (std::size_t i = 0; i < count; ++i)
      found.emplace_back(raw.data() + i * width, ::strnlen(raw.data() + i * width, width));
    H5Sclose(space);
    H5Tclose(type);
    H5Aclose(attribute);
    return found;
  }
  /// A text of any length.
  std::string text(const std::string& object, const char* name) const {
    const hid_t attribute = H5Aopen_by_name(id_, object.c_str(), name, H5P_DEFAULT, H5P_DEFAULT);
    REQUIRE(attribute >= 0);
    const hid_t type = H5Aget_type(attribute);
    REQUIRE(H5Tis_variable_str(type) > 0);
    char* raw = nullptr;
    CHECK(H5Aread(attribute, type, &raw) >= 0);
    const std::string value = raw;
    H5free_memory(raw);
    H5Tclose(type);
    H5Aclose(attribute);
    return value;
  }

 private:
  hid_t id_;
};

const std::string trajectory = "/particles/trajectory";

double position(std::size_t i, std::size_t axis, double frame) {
  return static_cast<double>(i) / 3.0 + 10.0 * static_cast<double>(axis) + 0.25 * frame;
}
double momentum(std::size_t i, std::size_t axis, double frame) {
  return std::sqrt(static_cast<double>(i)) - static_cast<double>(axis) + 0.125 * frame;
}

void set(PhaseEnsemble& ensemble, double frame) {
  for (int axis = 0; axis < ensemble.dimension(); ++axis) {
    for (std::size_t i = 0; i < ensemble.size(); ++i) {
      ensemble.positions(axis)[i] = position(i, static_cast<std::size_t>(axis), frame);
      ensemble.momenta(axis)[i] = momentum(i, static_cast<std::size_t>(axis), frame);
    }
  }
}

H5mdLayout layout_of(int dimension, std::vector<Species> species) {
  H5mdLayout layout;
  layout.dimension = dimension;
  layout.species = std::move(species);
  layout.provenance.version = "1.2.3";
  return layout;
}

/// `frames` frames at the steps 0, 10, 20, ... and the times 0, 1/7, 2/7, ...
void write(const fs::path& path, const H5mdLayout& layout, int frames) {
  PhaseEnsemble ensemble(layout.dimension, layout.species);
  H5mdWriter writer(path, layout);
  for (int frame = 0; frame < frames; ++frame) {
    set(ensemble, frame);
    writer.append(static_cast<std::uint64_t>(10 * frame), frame / 7.0, ensemble);
  }
  writer.close();
}

Units units_of(double energy_J, double time_s, double mass_kg) {
  Units units;
  units.reduced = false;
  units.energy = "energy";
  units.time = "time";
  units.mass = "mass";
  units.energy_J = energy_J;
  units.time_s = time_s;
  units.mass_kg = mass_kg;
  return units;
}

}  // namespace

TEST_CASE("H5MD: a reduced trajectory of two species in a periodic box, value for value") {
  const test_support::TemporaryFolder place;
  const fs::path path = place.path() / "trajectory.h5md";
  const std::vector<Species> species = {{3, 2.0}, {2, 5.0}};
  H5mdLayout layout = layout_of(3, species);
  for (laws::Extent& extent : layout.box.axis) extent = {Sides::periodic, -1.0, 3.5};
  layout.author = "Zoë";
  layout.title = "a gas";
  write(path, layout, 4);

  const File file(path);
  CHECK(file.number_attribute("/h5md", "version") == std::vector<double>{1, 1});
  CHECK(file.texts("/h5md/author", "name") == std::vector<std::string>{"Zoë"});
  CHECK(file.texts("/h5md/creator", "name") == std::vector<std::string>{"powerstroke"});
  CHECK(file.texts("/h5md/creator", "version") == std::vector<std::string>{"1.2.3"});
  CHECK_FALSE(file.has("/h5md/modules"));
  CHECK(file.text("/parameters", "title") == "a gas");
  CHECK(file.number_attribute("/parameters", "dimension") == std::vector<double>{3});

  CHECK(file.extent(trajectory + "/position/value") == std::vector<hsize_t>{4, 5, 3});
  CHECK(file.extent(trajectory + "/velocity/value") == std::vector<hsize_t>{4, 5, 3});
  const std::vector<double> positions = file.numbers(trajectory + "/position/value");
  const std::vector<double> velocities = file.numbers(trajectory + "/velocity/value");
  std::size_t at = 0;
  for (int frame = 0; frame < 4; ++frame) {
    for (std::size_t i = 0; i < 5; ++i) {
      for (std::size_t axis = 0; axis < 3; ++axis, ++at) {
        CHECK(positions[at] == position(i, axis, frame));
        CHECK(velocities[at] == momentum(i, axis, frame) / (i < 3 ? 2.0 : 5.0));
      }
    }
  }
  CHECK(file.numbers(trajectory + "/position/step") == std::vector<double>{0, 10, 20, 30});
  CHECK(file.type(trajectory + "/position/step") == H5T_INTEGER);
  CHECK(file.numbers(trajectory + "/position/time") ==
        std::vector<double>{0.0, 1.0 / 7.0, 2.0 / 7.0, 3.0 / 7.0});
  for (const char* name : {"step", "time"}) {
    CHECK(file.same_object(trajectory + "/position/" + name, trajectory + "/velocity/" + name));
    CHECK(file.same_object(trajectory + "/position/" + name, trajectory + "/box/edges/" + name));
  }
  for (const char* set :
       {"/position/value", "/position/time", "/velocity/value", "/box/edges/value", "/mass"})
    CHECK_FALSE(file.has_attribute(trajectory + set, "unit"));

  CHECK(file.numbers(trajectory + "/species") == std::vector<double>{0, 0, 0, 1, 1});
  CHECK(file.type(trajectory + "/species") == H5T_INTEGER);
  CHECK(file.numbers(trajectory + "/mass") == std::vector<double>{2, 2, 2, 5, 5});
  CHECK(file.numbers(trajectory + "/id") == std::vector<double>{0, 1, 2, 3, 4});
  CHECK(file.number_attribute(trajectory + "/box", "dimension") == std::vector<double>{3});
  CHECK(file.texts(trajectory + "/box", "boundary") == std::vector<std::string>(3, "periodic"));
  CHECK(file.extent(trajectory + "/box/edges/value") == std::vector<hsize_t>{4, 3, 3});
  const std::vector<double> edges = file.numbers(trajectory + "/box/edges/value");
  for (std::size_t k = 0; k < edges.size(); ++k) CHECK(edges[k] == (k % 9 % 4 == 0 ? 4.5 : 0.0));
  CHECK(file.number_attribute(trajectory + "/box", "low") == std::vector<double>(3, -1.0));
}

TEST_CASE(
    "H5MD: fewer dimensions are filled up with zeros, walls and open ends are no boundary of the "
    "format") {
  const test_support::TemporaryFolder place;
  const fs::path path = place.path() / "trajectory.h5md";
  constexpr double infinity = std::numeric_limits<double>::infinity();

  SUBCASE("d = 1, open: a box without edges") {
    write(path, layout_of(1, {{4, 1.0}}), 2);
    const File file(path);
    CHECK(file.texts(trajectory + "/box", "boundary") == std::vector<std::string>(3, "none"));
    CHECK_FALSE(file.has(trajectory + "/box/edges"));
    CHECK(file.number_attribute("/parameters", "dimension") == std::vector<double>{1});
    CHECK(file.number_attribute(trajectory + "/box", "dimension") == std::vector<double>{3});
    CHECK(file.number_attribute(trajectory + "/box", "low") ==
          std::vector<double>{-infinity, 0, 0});
    const std::vector<double> positions = file.numbers(trajectory + "/position/value");
    const std::vector<double> velocities = file.numbers(trajectory + "/velocity/value");
    REQUIRE(positions.size() == 2 * 4 * 3);
    for (std::size_t k = 0; k < positions.size(); ++k) {
      const double frame = k < 12 ? 0.0 : 1.0;
      CHECK(positions[k] == (k % 3 == 0 ? position(k / 3 % 4, 0, frame) : 0.0));
      CHECK(velocities[k] == (k % 3 == 0 ? momentum(k / 3 % 4, 0, frame) : 0.0));
    }
  }
  SUBCASE("d = 2, periodic between walls: the walls' axis has no edge, but its place is told") {
    H5mdLayout layout = layout_of(2, {{4, 1.0}});
    layout.box.axis[0] = {Sides::periodic, 0.0, 3.0};
    layout.box.axis[1] = {Sides::reflecting, -2.0, 7.0};
    write(path, layout, 1);
    const File file(path);
    CHECK(file.texts(trajectory + "/box", "boundary") ==
          std::vector<std::string>{"periodic", "none", "none"});
    CHECK(file.numbers(trajectory + "/box/edges/value") ==
          std::vector<double>{3, 0, 0, 0, 0, 0, 0, 0, 0});
    CHECK(file.number_attribute(trajectory + "/box", "low") == std::vector<double>{0, -2, 0});
    CHECK(file.number_attribute(trajectory + "/box", "high") == std::vector<double>{3, 7, 0});
  }
}

TEST_CASE("H5MD: a run with units is written in nm, ps and u") {
  const test_support::TemporaryFolder place;
  const fs::path path = place.path() / "trajectory.h5md";
  // Energies in 1e-20 J, times in ns, masses in 4e-26 kg: speeds are in 500 m/s, lengths in 500 nm.
  H5mdLayout layout = layout_of(3, {{2, 3.0}});
  layout.units = units_of(1e-20, 1e-9, 4e-26);
  layout.box.axis[2] = {Sides::periodic, 0.0, 2.0};
  write(path, layout, 2);

  const File file(path);
  const auto near = [](double value) { return doctest::Approx(value).epsilon(1e-14); };
  CHECK(file.number_attribute("/h5md/modules/units", "version") == std::vector<double>{1, 0});
  CHECK(file.text("/h5md/modules/units", "system") == "SI");
  CHECK(file.text(trajectory + "/position/value", "unit") == "nm");
  CHECK(file.text(trajectory + "/position/time", "unit") == "ps");
  CHECK(file.text(trajectory + "/velocity/value", "unit") == "nm ps-1");
  CHECK(file.text(trajectory + "/box/edges/value", "unit") == "nm");
  CHECK(file.text(trajectory + "/mass", "unit") == "u");
  const std::vector<double> positions = file.numbers(trajectory + "/position/value");
  const std::vector<double> velocities = file.numbers(trajectory + "/velocity/value");
  for (std::size_t k = 0; k < 12; ++k) {
    const double frame = k < 6 ? 0.0 : 1.0;
    CHECK(positions[k] == near(500.0 * position(k / 3 % 2, k % 3, frame)));
    CHECK(velocities[k] == near(0.5 * momentum(k / 3 % 2, k % 3, frame) / 3.0));
  }
  CHECK(file.numbers(trajectory + "/position/time")[1] == near(1000.0 / 7.0));
  CHECK(file.numbers(trajectory + "/box/edges/value")[8] == near(1000.0));
  // 1.66054e-27 kg, to the digits on which the editions of CODATA agree
  CHECK(file.numbers(trajectory + "/mass")[0] ==
        doctest::Approx(12e-26 / 1.66054e-27).epsilon(1e-6));
}

TEST_CASE("H5MD: fewer particles than there are, evenly over the species") {
  CHECK(evenly_spaced(10, 4) == std::vector<std::uint64_t>{0, 2, 5, 7});
  CHECK(evenly_spaced(3, 3) == std::vector<std::uint64_t>{0, 1, 2});
  CHECK(evenly_spaced(3, 100) == std::vector<std::uint64_t>{0, 1, 2});
  CHECK(evenly_spaced(std::size_t{1} << 40U, 3) ==
        std::vector<std::uint64_t>{0, 366503875925,
                                   733007751850});  // floor(2^40 / 3), floor(2^41 / 3)

  const test_support::TemporaryFolder place;
  const fs::path path = place.path() / "trajectory.h5md";
  H5mdLayout layout = layout_of(1, {{600, 1.0}, {300, 2.0}, {100, 4.0}});
  layout.most_particles = 10;
  write(path, layout, 1);
  const File file(path);
  CHECK(file.numbers(trajectory + "/species") == std::vector<double>{0, 0, 0, 0, 0, 0, 1, 1, 1, 2});
  CHECK(file.numbers(trajectory + "/mass") == std::vector<double>{1, 1, 1, 1, 1, 1, 2, 2, 2, 4});
  const std::vector<double> ids = file.numbers(trajectory + "/id");
  const std::vector<double> velocities = file.numbers(trajectory + "/velocity/value");
  for (std::size_t j = 0; j < 10; ++j) {
    CHECK(ids[j] == 100.0 * static_cast<double>(j));
    CHECK(velocities[3 * j] == momentum(100 * j, 0, 0.0) / (j < 6 ? 1.0 : j < 9 ? 2.0 : 4.0));
  }
}

TEST_CASE("H5MD: frames of more than one chunk, and more frames than a chunk holds") {
  const test_support::TemporaryFolder place;
  const fs::path path = place.path() / "trajectory.h5md";
  SUBCASE("many particles") {
    write(path, layout_of(1, {{100001, 1.0}}), 2);
    const std::vector<double> positions = File(path).numbers(trajectory + "/position/value");
    REQUIRE(positions.size() == 2 * 3 * 100001);
    std::size_t wrong = 0;
    for (std::size_t k = 0; k < positions.size(); k += 3)
      if (positions[k] != position(k / 3 % 100001, 0, k < 300003 ? 0 : 1)) ++wrong;
    CHECK(wrong == 0);
    CHECK(fs::file_size(path) < 2 * 2 * 100001 * 24 * 5 / 4 + 20 * 100001);
  }
  SUBCASE("many frames") {
    write(path, layout_of(1, {{2, 1.0}}), 3000);
    const std::vector<double> positions = File(path).numbers(trajectory + "/position/value");
    REQUIRE(positions.size() == 3000 * 6);
    for (int frame = 0; frame < 3000; frame += 37)
      CHECK(positions[static_cast<std::size_t>(frame) * 6 + 3] == position(1, 0, frame));
    CHECK(fs::file_size(path) < 3000 * (2 * 2 * 24 + 16) * 5 / 4);
  }
}

TEST_CASE("H5MD: equal trajectories are equal bytes") {
  const test_support::TemporaryFolder place;
  for (const char* name : {"one", "two"}) write(place.path() / name, layout_of(2, {{7, 1.0}}), 3);
  CHECK(read_bytes(place.path() / "one") == read_bytes(place.path() / "two"));
}

TEST_CASE("H5MD: a file that cannot be written is an error of files that names it") {
  const test_support::TemporaryFolder place;
  const fs::path path = place.path() / "missing" / "trajectory.h5md";
  try {
    H5mdWriter(path, layout_of(3, {{1, 1.0}}));
    FAIL("a file was made in a folder that is not there");
  } catch (const IoError& error) {
    CHECK(std::string(error.what()).starts_with("cannot write '" + path.string() + "': "));
  }
}

TEST_CASE(
    "H5MD: a disk that fills up is an error of files, at the latest when the file is closed") {
  const test_support::TemporaryFolder place;
  const fs::path path = place.path() / "trajectory.h5md";
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  rlimit small = before;
  small.rlim_cur =
      200000;  // a file of this process may not grow beyond: as on a full disk, writes fail
  std::string message = "no error";
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  try {
    write(path, layout_of(3, {{1000, 1.0}}), 10);
  } catch (const IoError& error) {
    message = error.what();
  }
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, handler);
  CHECK_MESSAGE(message.starts_with("cannot write '" + path.string() + "': "), message);
  write(place.path() / "next.h5md", layout_of(3, {{1000, 1.0}}), 10);
  CHECK(File(place.path() / "next.h5md").extent(trajectory + "/position/value").front() == 10);
}
