#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/io/result/catalog.hpp"
#include "powerstroke/io/result/folder.hpp"
#include "powerstroke/io/result/hdf5.hpp"
#include "powerstroke/report/report.hpp"
#include "powerstroke/study/result/provenance.hpp"
#include "powerstroke/study/run/compare.hpp"
#include "powerstroke/study/run/in_place.hpp"
#include "powerstroke/study/run/run.hpp"

namespace nb = nanobind;
namespace io = powerstroke::io;
namespace report = powerstroke::report;
namespace study = powerstroke::study;
using namespace nb::literals;
using powerstroke::Ledger;
using powerstroke::MomentumView;

namespace {

/// Handed to Python as a whole; its arrays keep it alive.
struct Result {
  explicit Result(study::RunResult from) : result(std::move(from)), catalog(result) {}
  study::RunResult result;
  io::Catalog catalog;
};

/// Python's to delete.
Result* handle_of(study::RunResult result) { return new Result(std::move(result)); }

/// Tells Python of progress, now and then, and lets it see Ctrl-C; called without the interpreter's
/// lock.
class Watch {
 public:
  explicit Watch(nb::object callback) : callback_(std::move(callback)) {}

  void operator()(double fraction, std::uint64_t strokes) {
    const auto now = Clock::now();
    if (now - last_ < std::chrono::milliseconds(50) && fraction < 1.0) return;
    last_ = now;
    const nb::gil_scoped_acquire lock;
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    if (!callback_.is_none()) callback_(fraction, strokes);
  }

 private:
  using Clock = std::chrono::steady_clock;
  nb::object callback_;
  Clock::time_point last_{};
};

/// Does `work` without the interpreter's lock, in such a way that Ctrl-C ends it with
/// KeyboardInterrupt.
template <class Work>
auto stoppable(const Work& work) {
  std::exception_ptr interrupt;
  const auto wished = [&] {
    const nb::gil_scoped_acquire lock;
    if (PyErr_CheckSignals() == 0) return false;
    try {
      throw nb::python_error();
    } catch (...) {
      interrupt = std::current_exception();
    }
    return true;
  };
  const nb::gil_scoped_release unlocked;
  const powerstroke::StopCheck check(wished);
  try {
    return work();
  } catch (const powerstroke::AskedToStop&) {
    std::rethrow_exception(interrupt);
  }
}

Result* run(const std::string& config, const nb::object& progress, const std::string& origin) {
  Watch watch(progress);
  return stoppable([&] {
    return handle_of(
        study::run(io::parse_config(config, origin),
                   [&](double fraction, std::uint64_t strokes) { watch(fraction, strokes); }));
  });
}

Result* solve(const std::string& config, const std::string& origin) {
  return stoppable([&] { return handle_of(study::solve(io::parse_config(config, origin))); });
}

const io::NamedArray& field_of(const Result& result, const std::string& name) {
  const io::NamedArray* field = result.catalog.find(name);
  if (field == nullptr) throw nb::key_error(("the result has no field '" + name + "'").c_str());
  return *field;
}

template <class T>
nb::object as_python(std::span<const T> values, const io::NamedArray& field, nb::handle owner) {
  if (field.shape.empty()) return nb::cast(values.front());
  return nb::cast(nb::ndarray<nb::numpy, const T>(values.data(), field.shape.size(),
                                                  field.shape.data(), owner));
}

nb::object as_python(std::span<const std::string> values, const io::NamedArray& field, nb::handle) {
  if (field.shape.empty()) return nb::cast(values.front());
  return nb::cast(std::vector<std::string>(values.begin(), values.end()));
}

/// What `name` holds: a read-only array that lies in the result itself, a number, a text or a list
/// of texts.
nb::object value_of(nb::handle self, const std::string& name) {
  const io::NamedArray& field = field_of(nb::cast<const Result&>(self), name);
  return std::visit([&](const auto& values) { return as_python(values, field, self); },
                    field.values);
}

using Momenta = nb::ndarray<double, nb::ndim<2>, nb::device::cpu>;

MomentumView view_of(const Momenta& momenta, double mass) {
  const std::size_t particles = momenta.shape(0), dimension = momenta.shape(1);
  if (dimension < 1 || dimension > 3)
    throw nb::value_error(("momenta have the shape (" + std::to_string(particles) + ", " +
                           std::to_string(dimension) +
                           "); expected (particles, dimension) with 1 to 3 dimensions")
                              .c_str());
  double* data = momenta.data();
  const std::int64_t row = momenta.stride(0), column = momenta.stride(1);
  if ((column == 1 || dimension == 1) &&
      (row >= static_cast<std::int64_t>(dimension) || particles == 1)) {
    const std::size_t stride = particles == 1 ? dimension : static_cast<std::size_t>(row);
    return MomentumView::interleaved({data, particles * stride}, static_cast<int>(dimension),
                                     stride, mass);
  }
  if (row == 1 && column >= static_cast<std::int64_t>(particles)) {
    std::vector<double*> components;
    for (std::size_t axis = 0; axis < dimension; ++axis)
      components.push_back(data + static_cast<std::int64_t>(axis) * column);
    return MomentumView::components(components, particles, mass);
  }
  throw nb::value_error(
      "momenta must be a writable float64 array whose rows, or whose columns, lie side by side; "
      "take momenta.copy(), stroke "
      "it, "
      "and copy it back");
}

/// What a stroke law says for an ensemble, parsed once.
struct ParsedLaw {
  ParsedLaw(const std::string& json, std::uint64_t particles, int dimension_, double mass_)
      : dimension(dimension_),
        mass(mass_),
        config(io::parse_strokes(json, particles, dimension, mass, "strokes")) {}

  /// Strokes of a seed at a step, those of the seed before at little cost.
  study::InPlaceStrokes strokes(std::uint64_t seed, std::uint64_t step) {
    if (!kept || kept_seed != seed) kept.emplace(config, seed);
    kept_seed = seed;
    return kept->anew(step);
  }

  int dimension;
  double mass;
  study::StrokesConfig config;
  std::optional<study::InPlaceStrokes> kept;
  std::uint64_t kept_seed = 0;
};

/// Strokes in place, with their clock and ledger.
struct Strokes {
  Strokes(ParsedLaw& law, std::uint64_t seed, std::uint64_t step,
          const std::vector<std::int64_t>& net)
      : dimension(law.dimension), mass(law.mass), strokes(make(law, seed, step, net)) {}

  static study::InPlaceStrokes make(ParsedLaw& law, std::uint64_t seed, std::uint64_t step,
                                    const std::vector<std::int64_t>& net) {
    const study::StrokesConfig& config = law.config;
    if (net.empty() && !powerstroke::laws::is<powerstroke::laws::Bath>(config.law.balance))
      return law.strokes(seed, step);
    const std::size_t transitions = config.law.transitions.size();
    if (!net.empty() && net.size() != transitions)
      throw nb::value_error(("net has " + std::to_string(net.size()) +
                             " numbers; the strokes have " + std::to_string(transitions) +
                             " transitions")
                                .c_str());
    Ledger so_far;
    for (std::size_t k = 0; k < net.size(); ++k) so_far.net[k] = net[k];
    return {config, seed, step, so_far};
  }

  void advance(const Momenta& momenta, double dt, std::uint64_t first_id) {
    const MomentumView view = view_of(momenta, mass);
    if (view.dimension() != dimension)
      throw nb::value_error(("momenta have " + std::to_string(view.dimension()) +
                             " components; the strokes were made for " + std::to_string(dimension))
                                .c_str());
    const nb::gil_scoped_release unlocked;
    strokes.advance(view.numbered_from(first_id), dt);
  }

  std::vector<std::int64_t> net() const {
    const auto& all = strokes.ledger().net;
    return {all.begin(),
            all.begin() + static_cast<std::ptrdiff_t>(strokes.law().transitions.size())};
  }

  int dimension;
  double mass;
  study::InPlaceStrokes strokes;
};

nb::dict compare(const Result& a, const Result& b) {
  const study::ResultComparison found =
      stoppable([&] { return study::compare(a.result, b.result); });
  nb::list worst;
  for (const study::Test& row : found.worst) {
    nb::dict entry;
    entry["quantity"] = row.what;
    entry["t"] = row.t;
    entry["statistic"] = row.measured;
    entry["dof"] = row.expected;
    entry["p_value"] = row.p_value;
    worst.append(entry);
  }
  nb::dict comparison;
  comparison["verdict"] = study::to_string(found.verdict);
  comparison["why"] = found.why;
  comparison["false_alarm_rate"] = found.false_alarm_rate;
  comparison["worst"] = worst;
  return comparison;
}

}  // namespace

NB_MODULE(_engine, module) {
  module.doc() = "The engine behind the package powerstroke; see there.";

  nb::exception<powerstroke::ConfigError>(module, "ConfigError", PyExc_ValueError).attr("__doc__") =
      "A config or a parameter is wrong: the message says where, what was found and what is "
      "allowed. A ValueError.";
  nb::exception<powerstroke::NumericsError>(module, "NumericsError", PyExc_ArithmeticError)
      .attr("__doc__") =
      "Numbers met on the way are out of range, such as a momentum that is not finite. An "
      "ArithmeticError.";
  nb::exception<powerstroke::IoError>(module, "IoError", PyExc_OSError).attr("__doc__") =
      "A file or folder cannot be read or written, or is damaged: the message names it. An "
      "OSError.";

  module.attr("version") = study::provenance().version;
  module.def("config_schema", &io::config_schema, "The JSON Schema of a config.");
  module.def(
      "set_threads",
      [](int threads) {
        if (threads < 0)
          throw nb::value_error(
              ("threads: found " + std::to_string(threads) + "; allowed: 0 or more").c_str());
        powerstroke::parallel::set_default_threads(threads);
      },
      "threads"_a,
      "Threads that all later work uses; 0: all of the machine. Results have the same bits with "
      "any number.");

  nb::class_<Result>(
      module, "Result",
      "Everything that a run or a solution knows at its end, by the names of result.h5.")
      .def(
          "names",
          [](const Result& result) {
            std::vector<std::string> names;
            for (const io::NamedArray& field : result.catalog.arrays()) names.push_back(field.name);
            return names;
          },
          "Names of all fields.")
      .def("__getitem__", &value_of, "name"_a,
           "A field: a read-only array that shares the result's memory, a number, a text or a list "
           "of texts.")
      .def(
          "units",
          [](const Result& result, const std::string& name) {
            return field_of(result, name).units;
          },
          "name"_a, "Units of a field.")
      .def(
          "description",
          [](const Result& result, const std::string& name) {
            return field_of(result, name).description;
          },
          "name"_a, "What a field is, in a sentence.")
      .def_prop_ro(
          "config", [](const Result& result) { return result.result.config.json; },
          "The config, as JSON.")
      .def_prop_ro(
          "has_particles", [](const Result& result) { return result.result.has_particles; },
          "False of a solution alone.")
      .def_prop_ro(
          "in_phase_space",
          [](const Result& result) { return result.result.phase_space.has_value(); },
          "Whether the particles have positions.")
      .def("__getstate__",
           [](const Result& result) {
             const std::string bytes = io::hdf5_bytes(result.result);
             return nb::bytes(bytes.data(), bytes.size());
           })
      .def("__setstate__",
           [](Result& result, const nb::bytes& bytes) {
             new (&result)
                 Result(io::from_hdf5_bytes({bytes.c_str(), bytes.size()}, "a pickled result"));
           })
      .def(
          "write",
          [](const Result& result, const std::filesystem::path& folder, bool replace) {
            const nb::gil_scoped_release unlocked;
            std::vector<std::string> remarks;
            io::write_result(result.result, folder, replace,
                             [&remarks](const study::RunResult& of) {
                               report::Report page = report::make_report(of);
                               remarks = std::move(page.remarks);
                               return std::move(page.html);
                             });
            return remarks;
          },
          "folder"_a, "replace"_a = false,
          "Writes a whole result folder. Returns remarks for the user.");

  module.def("run", &run, "config"_a, "progress"_a.none() = nb::none(), "origin"_a = "config",
             "Simulates, solves, compares. progress(fraction, strokes) is called now and then.");
  module.def("solve", &solve, "config"_a, "origin"_a = "config", "The master equation alone.");
  module.def(
      "read",
      [](const std::filesystem::path& folder) {
        return stoppable([&] { return handle_of(io::read_result(folder)); });
      },
      "folder"_a, "Reads a result folder.");
  module.def("compare", &compare, "a"_a, "b"_a, "Same physics within their errors?");

  nb::class_<ParsedLaw>(module, "ParsedLaw", "What a stroke law says for an ensemble, parsed once.")
      .def(nb::init<const std::string&, std::uint64_t, int, double>(), "strokes"_a, "particles"_a,
           "dimension"_a, "mass"_a);

  nb::class_<Strokes>(module, "Strokes", "Strokes in place, with their clock and ledger.")
      .def(nb::init<ParsedLaw&, std::uint64_t, std::uint64_t, const std::vector<std::int64_t>&>(),
           "law"_a, "seed"_a, "step"_a, "net"_a)
      .def("advance", &Strokes::advance, "momenta"_a.noconvert(), "dt"_a, "first_id"_a = 0)
      .def_prop_ro(
          "step", [](const Strokes& strokes) { return strokes.strokes.step(); },
          "Of the clock that keys the random numbers: the next one.")
      .def_prop_ro(
          "energy", [](const Strokes& strokes) { return strokes.strokes.energy(); },
          "Energy that the particles were given so far: sum of delta_e (uptakes - releases).")
      .def_prop_ro("net", &Strokes::net, "uptakes - releases of each transition, so far.")
      .def_prop_ro(
          "uptakes", [](const Strokes& strokes) { return strokes.strokes.ledger().uptakes; },
          "Strokes that gave a particle energy.")
      .def_prop_ro(
          "releases", [](const Strokes& strokes) { return strokes.strokes.ledger().releases; },
          "Strokes that took energy from a particle.")
      .def_prop_ro(
          "blocked", [](const Strokes& strokes) { return strokes.strokes.ledger().blocked; },
          "Attempts to release at E <= delta_e.")
      .def_prop_ro(
          "declined",
          [](const Strokes& strokes) {
            const Ledger& ledger = strokes.strokes.ledger();
            return ledger.declined_uptakes + ledger.declined_releases;
          },
          "Attempts that rates below their bound turned down.");
}
