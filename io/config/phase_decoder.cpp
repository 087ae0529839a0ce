#include "powerstroke/io/config/phase_decoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <string_view>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/whole_number.hpp"
#include "powerstroke/io/config/ensemble_decoder.hpp"
#include "powerstroke/io/config/law_names.hpp"
#include "powerstroke/kernels/laws/boltzmann_interval.hpp"
#include "powerstroke/kernels/laws/collision_law.hpp"

namespace powerstroke::io {

using namespace study;

namespace {

using Sides = laws::Extent::Sides;

class PhaseDecoder {
 public:
  PhaseDecoder(const ConfigSource& source, const Config& config)
      : source_(source),
        config_(config),
        json_(source.document()["phase_space"]),
        dimension_(config.ensemble.dimension) {}

  PhaseConfig decode() const {
    PhaseConfig phase;
    phase.step = json_["step"].get<double>();
    check_step(phase.step);
    phase.potential = potential();
    if (json_.contains("box")) phase.box = box();
    phase.position = positions(phase);
    phase.strokes_at_walls = json_.value("strokes_at", "poisson") == "walls";
    phase.stroke_window = json_.value("stroke_window", 0.0);
    check_strokes(phase);
    if (json_.contains("langevin")) {
      const Json& bath = json_["langevin"];
      phase.langevin = {bath["friction"].get<double>(), bath["temperature"].get<double>()};
    }
    if (json_.contains("collisions")) phase.collisions = collisions();
    phase.species = species(phase.collisions.has_value());
    if (phase.collisions) check_collisions(phase);
    check_stability(phase);
    phase.beside = beside(phase);
    if (json_.contains("reverse_at"))
      phase.reverse_at = snapshot_time({"phase_space", "reverse_at"}, json_["reverse_at"]);
    if (json_.contains("grid")) phase.grid = grid();
    if (json_.contains("trajectory")) phase.trajectory = trajectory();
    return phase;
  }

 private:
  [[noreturn]] void fail(KeyPath below, const std::string& message) const {
    below.insert(below.begin(), "phase_space");
    source_.fail(below, message);
  }

  void check_step(double step) const {
    constexpr double most = 1e9;
    const double steps = config_.snapshots.back() / step;
    if (!(steps <= most))
      fail({"step"}, fmt::format("found {}, which makes {:.3g} steps; allowed: at most {:g}, by "
                                 "longer steps or a shorter run",
                                 step, steps, most));
  }

  /// Velocity Verlet in a harmonic well grows without bound from h w = 2 on.
  void check_stability(const PhaseConfig& phase) const {
    const double frequency = highest_frequency(phase);
    if (phase.step * frequency < 2.0) return;
    fail({"step"}, fmt::format("found {}, with which the motion in this potential is unstable; "
                               "allowed: less than 2/w = {:.6g}, w = "
                               "{:.6g} the highest frequency of its wells",
                               phase.step, 2.0 / frequency, frequency));
  }

  laws::AnyPotential potential() const {
    if (!json_.contains("potential")) return laws::Free{};
    const Json& v = json_["potential"];
    const std::string form = v["form"].get<std::string>();
    for (const auto& law : potential_names()) {
      if (law.name != form) continue;
      const laws::AnyPotential potential = law.make(dimension_, values_of(v, law.parameters));
      if (const auto* trap = std::get_if<laws::Trap>(&potential)) check_times(*trap);
      return potential;
    }
    return laws::Free{};
  }

  void check_times(const laws::Trap& trap) const {
    const auto [from, to, start, end] = trap.stiffness;
    if (!(end > start))
      fail({"potential", "end"},
           fmt::format("found {}; allowed: a time after start, which is {}", end, start));
    if (end > config_.snapshots.back())
      fail({"potential", "end"}, fmt::format("found {}; allowed: up to {}, the end of the run", end,
                                             config_.snapshots.back()));
  }

  /// One value an axis, from a number or a list.
  template <class T>
  std::array<T, 3> along_axes(const Json& json, const KeyPath& path) const {
    std::array<T, 3> values{};
    if (!json.is_array()) {
      values.fill(json.get<T>());
      return values;
    }
    if (json.size() != static_cast<std::size_t>(dimension_))
      fail(path, fmt::format("found {} entries; allowed: {}, as ensemble.dimension is {}, or one "
                             "value for all axes",
                             json.size(), dimension_, dimension_));
    for (std::size_t axis = 0; axis < json.size(); ++axis) values[axis] = json[axis].get<T>();
    return values;
  }

  laws::Box box() const {
    const Json& json = json_["box"];
    const auto low = along_axes<double>(json["low"], {"box", "low"});
    const auto high = along_axes<double>(json["high"], {"box", "high"});
    const auto sides = along_axes<std::string>(json["sides"], {"box", "sides"});
    laws::Box box;
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(dimension_); ++axis) {
      if (sides[axis] == "open") continue;
      if (!(high[axis] > low[axis]))
        fail({"box", "high"},
             fmt::format("found {}; allowed: a number > low, which is {}", high[axis], low[axis]));
      box.axis[axis] = {sides[axis] == "periodic" ? Sides::periodic : Sides::reflecting,
                        low[axis],
                        high[axis],
                        {}};
    }
    if (json.contains("partition"))
      box.axis[0].partition = partition(json["partition"], box.axis[0]);
    return box;
  }

  laws::Partition partition(const Json& json, const laws::Extent& extent) const {
    const double at = json["position"].get<double>();
    if (extent.sides != Sides::reflecting)
      fail({"box", "partition"},
           "found with a first axis that does not reflect; allowed: between \"reflecting\" sides");
    if (json_.value("strokes_at", "poisson") == "walls")
      fail({"box", "partition"},
           "found with strokes at walls; allowed: strokes at Poisson times, or none");
    if (!(at > extent.low && at < extent.high))
      fail({"box", "partition", "position"},
           fmt::format("found {}; allowed: within the box, from {} to {}", at, extent.low,
                       extent.high));
    return {at, snapshot_time({"phase_space", "box", "partition", "removed"}, json["removed"])};
  }

  std::array<laws::PositionLaw, 3> positions(const PhaseConfig& phase) const {
    std::array<laws::PositionLaw, 3> laws{};
    const auto axes = std::min(static_cast<std::size_t>(dimension_), laws.size());
    if (!json_.contains("positions")) {
      for (std::size_t axis = 0; axis < axes; ++axis)
        if (phase.box.axis[axis].sides != Sides::open)
          laws[axis] = everywhere(phase.box.axis[axis]);
      return laws;
    }
    const Json& json = json_["positions"];
    const auto numbers = [&](const char* key) {
      return along_axes<double>(json[key], {"positions", key});
    };
    const std::string kind = json["distribution"].get<std::string>();
    for (std::size_t axis = 0; axis < axes; ++axis) {
      if (kind == "point") laws[axis] = laws::PointPosition{numbers("value")[axis]};
      if (kind == "uniform") {
        const double low = numbers("low")[axis], high = numbers("high")[axis];
        if (!(high > low))
          fail({"positions", "high"},
               fmt::format("found {}; allowed: a number > low, which is {}", high, low));
        laws[axis] = laws::UniformPosition{low, high};
      }
      if (kind == "normal")
        laws[axis] = laws::NormalPosition{numbers("mean")[axis], json["sigma"].get<double>()};
      if (kind == "boltzmann")
        laws[axis] = laws::BoltzmannPosition{json["temperature"].get<double>()};
      check_inside(phase.box.axis[axis].at(0.0), laws[axis]);
      check_confined(phase, axis, laws[axis]);
    }
    return laws;
  }

  void check_confined(const PhaseConfig& phase, std::size_t axis,
                      const laws::PositionLaw& law) const {
    const auto* const boltzmann = std::get_if<laws::BoltzmannPosition>(&law);
    if (boltzmann == nullptr) return;
    try {
      laws::boltzmann_interval(phase.potential, boltzmann->temperature,
                               phase.box.axis[axis].at(0.0), 0.0);
    } catch (const laws::TooNarrow& error) {
      fail({"positions", "temperature"},
           fmt::format("found {:g}, at which {}; allowed: a temperature at which positions scatter "
                       "by more than rounding",
                       boltzmann->temperature, error.what()));
    } catch (const ConfigError& error) {
      fail({"positions", "distribution"},
           fmt::format("found \"boltzmann\", but {}; allowed: with a potential that rises on both "
                       "sides, or a box",
                       error.what()));
    }
  }

  static laws::UniformPosition everywhere(const laws::Extent& extent) {
    const laws::Extent start = extent.at(0.0);
    return {start.low, start.high};
  }

  void check_inside(const laws::Extent& extent, const laws::PositionLaw& law) const {
    if (extent.sides == Sides::open) return;
    const std::string room =
        fmt::format("allowed: within the box, from {} to {}", extent.low, extent.high);
    if (std::holds_alternative<laws::NormalPosition>(law))
      fail({"positions", "distribution"},
           "found \"normal\", which has no end, in a box; allowed: point, uniform or boltzmann");
    if (const auto* point = std::get_if<laws::PointPosition>(&law);
        point && !(point->value >= extent.low && point->value <= extent.high))
      fail({"positions", "value"}, fmt::format("found {}; {}", point->value, room));
    if (const auto* uniform = std::get_if<laws::UniformPosition>(&law)) {
      if (!(uniform->low >= extent.low))
        fail({"positions", "low"}, fmt::format("found {}; {}", uniform->low, room));
      if (!(uniform->high <= extent.high))
        fail({"positions", "high"}, fmt::format("found {}; {}", uniform->high, room));
    }
  }

  void check_strokes(const PhaseConfig& phase) const {
    const auto refuse = [&](const KeyPath& path, const std::string& message) {
      source_.fail(path, message);
    };
    if (!config_.strokes) {
      for (const char* key : {"strokes_at", "stroke_window"})
        if (json_.contains(key))
          fail({key},
               "there are no strokes in this config; allowed: a section \"strokes\" beside it");
      return;
    }
    const StrokesConfig& strokes = *config_.strokes;
    if (strokes.timing != Timing::uniformization)
      refuse({"strokes", "timing"},
             fmt::format("found \"{}\" in phase space; allowed: \"uniformization\"",
                         strokes.timing == Timing::snapshots ? "snapshots" : "waiting_times"));
    const bool given = laws::has_given_rates(strokes.law.balance);
    const std::string found = fmt::format("found \"{}\"", laws::name(strokes.law.balance));
    if (phase.stroke_window > 0.0 && !given)
      refuse({"strokes", "balance"},
             found + " with strokes that last; allowed: \"fixed\" or \"thermal\"");
    if (!phase.strokes_at_walls) return;
    if (!given)
      refuse({"strokes", "balance"},
             found + " with strokes at walls; allowed: \"fixed\" or \"thermal\"");
    const bool wall = std::ranges::any_of(
        phase.box.axis, [](const laws::Extent& e) { return e.sides == Sides::reflecting; });
    if (!wall)
      fail({"box", "sides"},
           "found no reflecting side, and strokes at walls; allowed: at least one \"reflecting\"");
    double probability = 0.0;
    for (const laws::Transition& transition : strokes.law.transitions)
      probability += (transition.rate_up + transition.rate_down) *
                     laws::bound(strokes.law.rates, transition.delta_e);
    if (probability > 1.0)
      refuse(
          {"strokes", "transitions"},
          fmt::format(
              "found probabilities of strokes per hit on a wall that sum to {:g}; allowed: up to 1",
              probability));
  }

  CollisionsConfig collisions() const {
    const Json& json = json_["collisions"];
    CollisionsConfig collisions{json["density"].get<double>(),
                                json.value("viscosity_exponent", 0.5),
                                json.value("reference_speed", 0.0)};
    if (dimension_ == 1)
      fail({"collisions"},
           "found with ensemble.dimension 1, where equal particles only swap momenta; allowed: 2 "
           "or 3");
    if (collisions.viscosity_exponent != 0.5 && collisions.reference_speed == 0.0)
      fail({"collisions"}, fmt::format("the key 'reference_speed' is missing, with "
                                       "viscosity_exponent {}; allowed: a number > 0",
                                       collisions.viscosity_exponent));
    if (config_.ensemble.particles < 2)
      fail({"collisions"},
           "a collision takes two particles, and ensemble.particles is 1; allowed: more");
    return collisions;
  }

  std::vector<SpeciesConfig> species(bool collide) const {
    const EnsembleConfig& ensemble = config_.ensemble;
    const double diameter = collide ? json_["collisions"].value("diameter", 0.0) : 0.0;
    SpeciesConfig all{
        "", ensemble.particles, ensemble.mass, ensemble.energy, ensemble.direction, true, diameter};
    std::vector<SpeciesConfig> kinds;
    if (!json_.contains("species")) {
      kinds.push_back(all);
    } else {
      for (const Json& json : json_["species"]) kinds.push_back(kind(json, kinds.size(), all));
      share_out(kinds);
    }
    check_stroking(kinds);
    for (const SpeciesConfig& one : kinds)
      if (collide && one.diameter == 0.0)
        fail({"collisions"},
             one.name.empty()
                 ? "the key 'diameter' is missing; allowed: a number > 0"
                 : fmt::format("the key 'diameter' is missing, here or for the species \"{}\"; "
                               "allowed: a number > 0",
                               one.name));
    return kinds;
  }

  void check_stroking(const std::vector<SpeciesConfig>& kinds) const {
    if (!source_.document().contains("strokes")) return;
    const auto active =
        std::ranges::count_if(kinds, [](const SpeciesConfig& one) { return one.strokes; });
    if (active == 0)
      fail({"species"},
           "found no species with strokes, and a section \"strokes\"; allowed: at least one");
    const bool one_or_all = active == 1 || active == static_cast<std::ptrdiff_t>(kinds.size());
    const bool alone = laws::has_given_rates(config_.strokes->law.balance) &&
                       json_.value("strokes_at", "poisson") != "walls";
    if (!alone && !(active == 1 || (one_or_all && json_.value("strokes_at", "poisson") == "walls")))
      fail({"species"},
           fmt::format("found {} species with strokes; allowed with this balance or with strokes "
                       "at walls: one{}",
                       active,
                       laws::has_given_rates(config_.strokes->law.balance) ? ", or all" : ""));
  }

  SpeciesConfig kind(const Json& json, std::size_t index, const SpeciesConfig& all) const {
    const KeyPath here = {"phase_space", "species", std::to_string(index)};
    const auto below = [&](const char* key) {
      KeyPath path = here;
      path.emplace_back(key);
      return path;
    };
    SpeciesConfig one = all;
    one.name = json["name"].get<std::string>();
    one.mass = json.value("mass", all.mass);
    if (json.contains("energy"))
      one.energy = decode_energy(source_, json["energy"], below("energy"), dimension_);
    if (json.contains("direction"))
      one.direction =
          decode_direction(source_, json["direction"], below("direction"), dimension_, one.energy);
    one.strokes = json.value("strokes", true);
    one.diameter = json.value("diameter", all.diameter);
    return one;
  }

  /// Particles by weight: each its share, rounded, and the last what is left.
  void share_out(std::vector<SpeciesConfig>& kinds) const {
    const Json& list = json_["species"];
    double total = 0.0, so_far = 0.0;
    for (const Json& json : list) total += json["weight"].get<double>();
    std::size_t given = 0;
    const auto particles = static_cast<double>(config_.ensemble.particles);
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      so_far += list[k]["weight"].get<double>();
      const auto until = k + 1 == kinds.size()
                             ? static_cast<std::size_t>(config_.ensemble.particles)
                             : whole_number<std::size_t>(std::round(particles * so_far / total));
      kinds[k].particles = until - given;
      given = until;
      if (kinds[k].particles == 0)
        fail({"species", std::to_string(k), "weight"},
             fmt::format("found {}, which is less than one of {} particles; allowed: more",
                         list[k]["weight"].dump(), config_.ensemble.particles));
    }
  }

  std::vector<Beside> beside(const PhaseConfig& phase) const {
    std::vector<Beside> others;
    if (!json_.contains("beside")) return others;
    for (const Json& word : json_["beside"]) {
      const bool strokes = word == "without_strokes";
      if (!(strokes ? config_.strokes.has_value() : phase.collisions.has_value()))
        fail({"beside", std::to_string(others.size())},
             fmt::format("found {}, of which there are none; allowed: what acts in this config",
                         word.dump()));
      others.push_back(strokes ? Beside::without_strokes : Beside::without_collisions);
    }
    return others;
  }

  double snapshot_time(const KeyPath& path, const Json& json) const {
    const double time = json.get<double>();
    const auto& times = config_.snapshots;
    const auto near =
        std::ranges::min_element(times, {}, [&](double t) { return std::abs(t - time); });
    if (std::abs(*near - time) > 1e-9 * times.back())
      source_.fail(
          path,
          fmt::format("found {}; allowed: one of the snapshots' times, the nearest of which is {}",
                      time, *near));
    return *near;
  }

  PhaseGridConfig grid() const {
    const Json& json = json_["grid"];
    const auto range = [&](const char* key) {
      const double low = json[key][0].get<double>(), high = json[key][1].get<double>();
      if (!(high > low))
        fail({"grid", key},
             fmt::format("found [{}, {}]; allowed: [low, high] with low < high", low, high));
      return std::pair{low, high};
    };
    const auto [x_low, x_high] = range("x");
    const auto [p_low, p_high] = range("p");
    return {x_low,
            x_high,
            p_low,
            p_high,
            json["cells"][0].get<std::uint32_t>(),
            json["cells"][1].get<std::uint32_t>()};
  }

  TrajectoryConfig trajectory() const {
    const Json& json = json_["trajectory"];
    const TrajectoryConfig trajectory{
        json["every"].get<double>(),
        json.value("particles", static_cast<std::size_t>(config_.ensemble.particles))};
    if (trajectory.particles > config_.ensemble.particles)
      fail({"trajectory", "particles"},
           fmt::format("found {}; allowed: up to {}, as many as there are", trajectory.particles,
                       config_.ensemble.particles));
    const double frames = config_.snapshots.back() / trajectory.every + 1.0;
    const double bytes = frames * static_cast<double>(trajectory.particles) * 48.0;
    constexpr double most = 64e9;
    if (!(bytes <= most))
      fail({"trajectory", "every"},
           fmt::format("found {}, which makes a file of {:.3g} GB; allowed: up to {:g} GB",
                       trajectory.every, bytes / 1e9, most / 1e9));
    return trajectory;
  }

  /// About as many as a particle has at the speeds of the start.
  void check_collisions(const PhaseConfig& phase) const {
    laws::CollisionLaw law{
        {}, phase.collisions->viscosity_exponent, phase.collisions->reference_speed};
    double g_square = 0.0;
    for (const SpeciesConfig& one : phase.species) {
      law.diameters.push_back(one.diameter);
      g_square = std::max(g_square, 4.0 * laws::mean(one.energy) / one.mass);
    }
    double fastest = 0.0;
    for (std::size_t k = 0; k < law.diameters.size(); ++k)
      fastest = std::max(fastest, laws::swept_volume(law, k, k, dimension_)(g_square));
    const double number = phase.collisions->density * fastest * config_.snapshots.back();
    constexpr double most = 1e9;
    if (!(number <= most))
      fail({"collisions", "density"},
           fmt::format(
               "found {}, which makes some {:.3g} collisions of a particle; allowed: up to {:g}",
               phase.collisions->density, number, most));
  }

  const ConfigSource& source_;
  const Config& config_;
  const Json& json_;
  int dimension_;
};

}  // namespace

PhaseConfig decode_phase_space(const ConfigSource& source, const Config& config) {
  return PhaseDecoder(source, config).decode();
}

}  // namespace powerstroke::io
