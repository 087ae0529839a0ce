#include "fix_powerstroke.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/state/energy_ensemble.hpp"
#include "powerstroke/kernels/pair_strokes.hpp"
#include "powerstroke/kernels/sampling/mean_factors.hpp"
#include "powerstroke/kernels/sampling/places.hpp"

namespace LAMMPS_NS {

namespace laws = powerstroke::laws;
using powerstroke::Ledger;
using powerstroke::MomentumView;
using powerstroke::SparseStep;

namespace {

constexpr int counts = 5;                // of compute_vector, before the transitions'
constexpr double most_attempts = 250.0;  // of an atom in a timestep: they are drawn one by one

std::string text(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%g", value);
  return buffer;
}

/// The clock of a seed in one LAMMPS, whose numbers no two of its fixes may use, not even one after
/// the other. The time of its start tells it from an earlier one that lay at the same address.
std::shared_ptr<powerstroke::StepClock> clock_of(const LAMMPS* lammps, std::uint64_t seed) {
  using Key = std::tuple<const LAMMPS*, double, std::uint64_t>;
  static std::mutex mutex;
  static std::map<Key, std::shared_ptr<powerstroke::StepClock>> clocks;
  const std::scoped_lock lock(mutex);
  auto& clock = clocks[{lammps, lammps->initclock, seed}];
  if (clock == nullptr) clock = std::make_shared<powerstroke::StepClock>();
  return clock;
}

/// A number, and nothing behind it.
std::optional<double> number(const char* word) {
  char* end = nullptr;
  const double value = std::strtod(word, &end);
  if (end == word || *end != '\0' || !std::isfinite(value)) return {};
  return value;
}

}  // namespace

FixPowerstroke::FixPowerstroke(LAMMPS* lammps, int narg, char** arg) : Fix(lammps, narg, arg) {
  law_.transitions.clear();
  parse(narg, arg);
  clock_ = clock_of(lammps, seed_);
  if (clock_->now() > 0 && comm->me == 0)
    utils::logmesg(lammps, "Fix powerstroke " + std::string(id) + ": seed " +
                               std::to_string(seed_) +
                               " was used before; its random numbers go on at step " +
                               std::to_string(clock_->now()) + "\n");

  nevery = 1;
  restart_global = 1;
  dynamic_group_allow = 1;
  scalar_flag = vector_flag = 1;
  energy_global_flag = 1;  // fix_modify energy
  ecouple_flag = 1;        // thermo's ecouple and econserve
  global_freq = 1;
  extscalar = 1;
  extvector = 0;  // counts, not to be divided by the number of atoms
  size_vector = counts + static_cast<int>(law_.transitions.size());
}

void FixPowerstroke::refuse(const std::string& what) const {
  error->all(FLERR, "Illegal fix powerstroke command: " + what);
  std::abort();  // LAMMPS does not come back from error->all
}

void FixPowerstroke::parse_transition(int narg, char** arg, int& at) {
  std::vector<double> numbers;
  while (at < narg && numbers.size() < 3) {
    const std::optional<double> value = number(arg[at]);
    if (!value) break;
    numbers.push_back(*value);
    ++at;
  }
  if (numbers.size() < 2)
    refuse("'transition' needs two or three numbers: DELTA_E RATE_DOWN [RATE_UP]");
  if (!(numbers[0] > 0.0)) refuse("DELTA_E is " + text(numbers[0]) + "; allowed: a number > 0");
  for (std::size_t k = 1; k < numbers.size(); ++k)
    if (numbers[k] < 0.0) refuse("a rate is " + text(numbers[k]) + "; allowed: a number >= 0");
  has_rate_up_.push_back(numbers.size() == 3);
  law_.transitions.push_back({numbers[0], numbers.size() == 3 ? numbers[2] : 0.0, numbers[1]});
}

void FixPowerstroke::parse_temperature(int narg, char** arg, int& at) {
  constexpr const char* allowed =
      "'balance thermal' needs a temperature > 0, two (Tstart Tstop), or a variable v_NAME";
  if (at >= narg) refuse(allowed);
  if (const std::string_view word = arg[at]; word.starts_with("v_") && word.size() > 2) {
    variable_ = arg[at++] + 2;
    return;
  }
  const auto temperature = [&](const char* word) {
    const std::optional<double> value = number(word);
    if (!value || !(*value > 0.0))
      refuse(std::string("the temperature is ") + word + "; " + allowed);
    return *value;
  };
  start_ = stop_ = temperature_ = temperature(arg[at++]);
  if (at < narg && number(arg[at])) stop_ = temperature(arg[at++]);
}

void FixPowerstroke::parse(int narg, char** arg) {
  bool has_seed = false, has_balance = false;
  for (int at = 3; at < narg;) {
    const std::string key = arg[at++];
    const auto word = [&](const char* allowed) -> std::string {
      if (at >= narg) refuse("'" + key + "' needs a value: " + allowed);
      return arg[at++];
    };
    if (key == "transition") {
      parse_transition(narg, arg, at);
    } else if (key == "balance") {
      constexpr const char* allowed =
          "fixed, thermal Tstart [Tstop], energy_conserving or exchange";
      const std::string name = word(allowed);
      has_balance = true;
      if (name == laws::Given::name) {
        law_.balance = laws::Given{};
      } else if (name == laws::Thermal::name) {
        law_.balance = laws::Thermal{};  // its temperature is of each step
        parse_temperature(narg, arg, at);
      } else if (name == laws::Conserving::name) {
        law_.balance = laws::Conserving{};
      } else if (name == laws::Exchange::name) {
        law_.balance = laws::Exchange{};
      } else {
        refuse("'balance " + name + "'; allowed: " + allowed);
      }
    } else if (key == "rates") {
      const std::string name = word("constant or microreversible");
      if (name != "constant" && name != "microreversible")
        refuse("'rates " + name + "'; allowed: constant or microreversible");
      microreversible_ = name == "microreversible";
    } else if (key == "seed") {
      const std::string value = word("a whole number >= 0");
      if (value.empty() || value.find_first_not_of("0123456789") != std::string::npos ||
          value.size() > 19)
        refuse("'seed " + value + "'; allowed: a whole number from 0 to 10^19 - 1");
      seed_ = std::strtoull(value.c_str(), nullptr, 10);
      has_seed = true;
    } else {
      refuse("'" + key + "'; allowed: transition, balance, rates, seed");
    }
  }
  if (law_.transitions.empty()) refuse("there is no 'transition DELTA_E RATE_DOWN'");
  if (!has_balance)
    refuse(
        "there is no 'balance'; allowed: fixed, thermal Tstart [Tstop], energy_conserving, "
        "exchange");
  if (!has_seed) refuse("there is no 'seed'");
  for (const bool has : has_rate_up_)
    if (has != laws::is<laws::Given>(law_.balance))
      refuse(
          "RATE_UP, the third number of a transition, is given under 'balance fixed', and under it "
          "alone");
  if (law_.transitions.size() > Ledger::most_transitions)
    refuse("more than " + std::to_string(Ledger::most_transitions) + " transitions");
}

int FixPowerstroke::setmask() { return FixConst::END_OF_STEP; }

void FixPowerstroke::init() {
  if (atom->tag_enable == 0) error->all(FLERR, std::string("Fix powerstroke needs atom IDs"));
  if (atom->map_style == Atom::MAP_NONE)
    error->all(FLERR, std::string("Fix powerstroke needs an atom map: atom_modify map yes"));
  constexpr bigint most_exchanged = 100'000'000;  // MPI counts their bytes in an int
  if (laws::is<laws::Exchange>(law_.balance) && atom->natoms > most_exchanged)
    refuse("'balance exchange' with " + std::to_string(atom->natoms) + " atoms; allowed: at most " +
           std::to_string(most_exchanged));
  mvv2e_ = force->mvv2e;
  if (microreversible_)
    law_.rates = laws::Microreversible(domain->dimension);
  else
    law_.rates = laws::Constant{};
  if (!variable_.empty()) {
    const int found = input->variable->find(variable_.c_str());
    if (found < 0) refuse("there is no variable '" + variable_ + "'");
    if (input->variable->equalstyle(found) == 0)
      refuse("the variable '" + variable_ + "' is not of style equal");
  }
  spacing_ = powerstroke::common_spacing(law_);
  hops_ = powerstroke::hops(law_, spacing_);
  ecouple_flag = thermo_energy == 0 ? 1 : 0;  // under fix_modify energy it is in etotal already
  blocks_built_ = -1;
  reset_dt();
  double attempts = 0.0;
  for (const laws::Transition& transition : law_.transitions)
    attempts += transition.rate_up + transition.rate_down;
  check_attempts(attempts * dt_);
  warn_of_held_atoms();
}

/// A variable may need computes, which LAMMPS must be told a step before.
void FixPowerstroke::setup(int) {
  if (laws::is<laws::Thermal>(law_.balance)) set_temperature();
}

void FixPowerstroke::reset_dt() {
  dt_ = update->dt;
  rates_.clear();
  step_law_.reset();
}

void FixPowerstroke::check_attempts(double attempts) const {
  if (!(attempts <= most_attempts))
    refuse("the rates amount to " + text(attempts) +
           " attempts of an atom in a timestep; allowed: at most " + text(most_attempts));
}

/// Of strokes that change velocities in vain or against what other fixes keep: energies are not
/// what is booked then.
void FixPowerstroke::warn_of_held_atoms() const {
  constexpr std::array<std::string_view, 7> holding = {"rigid",  "shake",    "rattle", "poems",
                                                       "freeze", "setforce", "move"};
  const auto warn_if_any = [&](const auto& is_held, const std::string& what) {
    bigint held = 0, all = 0;
    for (int i = 0; i < atom->nlocal; ++i)
      if ((atom->mask[i] & groupbit) != 0 && is_held(atom->mask[i])) ++held;
    MPI_Allreduce(&held, &all, 1, MPI_LMP_BIGINT, MPI_SUM, world);
    if (all > 0 && comm->me == 0)
      error->warning(FLERR, "Fix powerstroke " + std::string(id) + ": " + std::to_string(all) +
                                " atoms of its group " + what);
  };
  int integrated = 0;
  for (int k = 0; k < modify->nfix; ++k) {
    const Fix& other = *modify->fix[k];
    if (other.time_integrate != 0) integrated |= other.groupbit;
    const std::string_view other_style = other.style;
    if (std::ranges::any_of(holding,
                            [&](std::string_view name) { return other_style.starts_with(name); }))
      warn_if_any([&](int mask) { return (mask & other.groupbit) != 0; },
                  "are held by fix " + std::string(other.style) + " " + other.id +
                      ", which strokes do not heed: their velocities and the booked energy do not "
                      "belong together");
  }
  warn_if_any([&](int mask) { return (mask & integrated) == 0; },
              "are moved by no fix: strokes change velocities that nothing uses");
}

/// That of this step, and what it makes of w+. All processes have the same.
void FixPowerstroke::set_temperature() {
  if (!variable_.empty()) {
    modify->clearstep_compute();
    temperature_ = input->variable->compute_equal(input->variable->find(variable_.c_str()));
    modify->addstep_compute(update->ntimestep + 1);
    if (!(std::isfinite(temperature_) && temperature_ > 0.0))
      error->all(FLERR, "Fix powerstroke: the variable '" + variable_ + "' gives the temperature " +
                            text(temperature_) + "; allowed: a number > 0");
  } else if (start_ != stop_) {
    const auto passed = static_cast<double>(update->ntimestep - update->beginstep);
    const auto whole = static_cast<double>(update->endstep - update->beginstep);
    temperature_ = whole > 0.0 ? start_ + passed / whole * (stop_ - start_) : start_;
  } else {
    temperature_ = start_;
  }
  law_.balance = laws::Thermal{force->boltz * temperature_};
  law_ = laws::balanced(std::move(law_));
}

void FixPowerstroke::reset_target(double temperature) {
  if (!(std::isfinite(temperature) && temperature > 0.0))
    error->all(FLERR, "Fix powerstroke: the temperature is set to " + text(temperature) +
                          "; allowed: a number > 0");
  variable_.clear();
  start_ = stop_ = temperature_ = temperature;
}

void* FixPowerstroke::extract(const char* name, int& dimension) {
  dimension = 0;
  return laws::is<laws::Thermal>(law_.balance) && std::string_view(name) == "t_target"
             ? &temperature_
             : nullptr;
}

double FixPowerstroke::mass_of(int i) const {
  return atom->rmass != nullptr ? atom->rmass[i] : atom->mass[atom->type[i]];
}

double FixPowerstroke::energy_of(int i) const {
  const double* v = atom->v[i];
  return 0.5 * mvv2e_ * mass_of(i) *
         (v[0] * v[0] + v[1] * v[1] + (domain->dimension == 3 ? v[2] * v[2] : 0.0));
}

std::optional<MomentumView> FixPowerstroke::find(std::uint64_t number) const {
  const auto tag = static_cast<tagint>(number + 1);
  if (tag > atom->map_tag_max) return {};
  const int i = atom->map(tag);
  if (i < 0 || i >= atom->nlocal || (atom->mask[i] & groupbit) == 0) return {};
  return MomentumView::interleaved({atom->v[i], 3}, domain->dimension, 3, inertia_of(i))
      .numbered_from(number);
}

/// Atoms come and go with the neighbor lists.
const std::vector<std::uint64_t>& FixPowerstroke::blocks() {
  if (blocks_built_ == neighbor->lastcall && blocks_atoms_ == atom->nlocal) return blocks_;
  blocks_.clear();
  for (int i = 0; i < atom->nlocal; ++i) {
    const std::uint64_t block = static_cast<std::uint64_t>(atom->tag[i] - 1) / SparseStep::block;
    if (blocks_.empty() || blocks_.back() != block) blocks_.push_back(block);
  }
  std::ranges::sort(blocks_);
  blocks_.erase(std::unique(blocks_.begin(), blocks_.end()), blocks_.end());
  blocks_built_ = neighbor->lastcall;
  blocks_atoms_ = atom->nlocal;
  return blocks_;
}

void FixPowerstroke::set_rates(const std::vector<laws::RatePair>& rates) {
  const auto equal = [](const laws::RatePair& a, const laws::RatePair& b) {
    return a.up == b.up && a.down == b.down;
  };
  if (step_law_ && std::ranges::equal(rates, rates_, equal)) return;
  powerstroke::AnyCandidates candidates = powerstroke::candidates(law_.rates, hops_, rates);
  const double total = std::visit([](const auto& form) { return form.total(); }, candidates);
  check_attempts(total * dt_);
  parts_ = std::max(1, static_cast<int>(std::ceil(total * dt_ / SparseStep::most_candidates)));
  step_law_.emplace(std::move(candidates), spacing_, dt_ / parts_);
  rates_ = rates;
}

/// w+ <u> = w- <Theta r> over the group, (8), as it is now.
std::vector<laws::RatePair> FixPowerstroke::conserving_rates() {
  energies_.clear();
  for (int i = 0; i < atom->nlocal; ++i)
    if ((atom->mask[i] & groupbit) != 0) energies_.push_back(energy_of(i));
  powerstroke::FactorSums sums = powerstroke::factor_sums(
      law_.rates, std::span<const powerstroke::Hop>(hops_), powerstroke::EnergyPlaces{energies_});
  const auto transitions = static_cast<int>(hops_.size());
  MPI_Allreduce(MPI_IN_PLACE, sums.uptake.data(), transitions, MPI_DOUBLE, MPI_SUM, world);
  MPI_Allreduce(MPI_IN_PLACE, sums.release.data(), transitions, MPI_DOUBLE, MPI_SUM, world);
  std::vector<laws::RatePair> rates;
  for (std::size_t k = 0; k < hops_.size();
       ++k)  // sums do for averages: their ratio is all that (8) asks for
    rates.push_back(laws::closed_rates(laws::Conserving{}, law_.transitions[k],
                                       {sums.uptake[k], sums.release[k]}, 0.0));
  return rates;
}

/// All atoms of the group, wherever they are, are one system: every process has their energies in
/// the order of their IDs, makes the same events, and moves its own atoms.
void FixPowerstroke::exchange() {
  struct Entry {
    double energy;
    std::int64_t tag;
  };
  std::vector<Entry> ours;
  for (int i = 0; i < atom->nlocal; ++i) {
    if ((atom->mask[i] & groupbit) == 0) continue;
    ours.push_back({energy_of(i), atom->tag[i]});
  }
  int bytes = static_cast<int>(ours.size() * sizeof(Entry));
  std::vector<int> sizes(static_cast<std::size_t>(comm->nprocs)), starts(sizes.size(), 0);
  MPI_Allgather(&bytes, 1, MPI_INT, sizes.data(), 1, MPI_INT, world);
  for (std::size_t k = 1; k < sizes.size(); ++k) starts[k] = starts[k - 1] + sizes[k - 1];
  std::vector<Entry> all(static_cast<std::size_t>(starts.back() + sizes.back()) / sizeof(Entry));
  MPI_Allgatherv(ours.data(), bytes, MPI_BYTE, all.data(), sizes.data(), starts.data(), MPI_BYTE,
                 world);
  if (all.size() < 2) return;
  std::ranges::sort(all, {}, &Entry::tag);

  powerstroke::EnergyEnsemble ensemble(all.size());
  for (std::size_t k = 0; k < all.size(); ++k) ensemble.set_energy(k, all[k].energy);
  Ledger events;
  const powerstroke::ExchangeStrokes strokes(law_, seed_);
  strokes.advance(ensemble, 0.0, dt_, *clock_, events);
  if (comm->me == 0) ledger_ += events;

  for (std::size_t k = 0; k < ours.size(); ++k) {
    const auto found = std::ranges::lower_bound(all, ours[k].tag, {}, &Entry::tag);
    const double energy = ensemble.energies()[static_cast<std::size_t>(found - all.begin())];
    if (energy == found->energy) continue;
    powerstroke::rescale(*find(static_cast<std::uint64_t>(ours[k].tag - 1)),
                         {0.0, seed_, clock_->now() - 1}, 0, found->energy, energy);
  }
}

void FixPowerstroke::end_of_step() {
  if (laws::is<laws::Thermal>(law_.balance)) set_temperature();
  try {
    if (laws::is<laws::Exchange>(law_.balance)) return exchange();
    set_rates(laws::is<laws::Conserving>(law_.balance) ? conserving_rates()
                                                       : laws::given_rates(law_));
    for (int part = 0; part < parts_; ++part)
      (*step_law_)(
          blocks(), [this](std::uint64_t number) { return find(number); }, seed_, clock_->tick(),
          ledger_);
  } catch (const std::exception& problem) {
    error->one(FLERR, std::string("Fix powerstroke: ") + problem.what());
  }
}

/// Of all processes.
Ledger FixPowerstroke::total() const {
  std::vector<std::uint64_t> sums = ledger_.integers();
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), static_cast<int>(sums.size()), MPI_UINT64_T, MPI_SUM,
                world);
  return Ledger::of_integers(sums);
}

double FixPowerstroke::compute_scalar() { return -compute_vector(4); }

double FixPowerstroke::compute_vector(int n) {
  const Ledger sum = total();
  double energy = 0.0;
  for (std::size_t k = 0; k < law_.transitions.size(); ++k)
    energy += law_.transitions[k].delta_e * static_cast<double>(sum.net[k]);
  switch (n) {
    case 0: return static_cast<double>(sum.uptakes);
    case 1: return static_cast<double>(sum.releases);
    case 2: return static_cast<double>(sum.blocked);
    case 3: return static_cast<double>(sum.declined_uptakes + sum.declined_releases);
    case 4: return energy;
    default: return static_cast<double>(sum.net[static_cast<std::size_t>(n - counts)]);
  }
}

namespace {

/// Integers of a restart file, bit for bit; the first says that they are ours, and of which
/// version.
constexpr std::uint64_t magic_without_law = 0x70777374726b0001U, magic = 0x70777374726b0002U;
constexpr std::size_t head = 9;

/// FNV-1a.
std::uint64_t hash(std::string_view name) {
  std::uint64_t value = 0xcbf29ce484222325U;
  for (const char letter : name)
    value = (value ^ static_cast<unsigned char>(letter)) * 0x100000001b3U;
  return value;
}

}  // namespace

/// What the command says, for a restart to be compared with.
std::vector<std::uint64_t> FixPowerstroke::law_words() const {
  std::vector<std::uint64_t> words = {law_.balance.index() + 1, microreversible_ ? 1U : 0U,
                                      hash(variable_), std::bit_cast<std::uint64_t>(start_),
                                      std::bit_cast<std::uint64_t>(stop_)};
  for (const laws::Transition& transition : law_.transitions) {
    const double rate_up = laws::is<laws::Given>(law_.balance)
                               ? transition.rate_up
                               : 0.0;  // else it is none of the command's
    for (const double value : {transition.delta_e, transition.rate_down, rate_up})
      words.push_back(std::bit_cast<std::uint64_t>(value));
  }
  return words;
}

void FixPowerstroke::check_law(const std::uint64_t* words) const {
  constexpr std::array<const char*, 5> settings = {
      "'balance'", "'rates'", "variable of the temperature", "Tstart", "Tstop"};
  constexpr std::array<const char*, 3> numbers = {"DELTA_E", "RATE_DOWN", "RATE_UP"};
  const std::vector<std::uint64_t> ours = law_words();
  for (std::size_t k = 0; k < ours.size(); ++k) {
    if (words[k] == ours[k]) continue;
    const bool of_transition = k >= settings.size();
    const std::size_t at = of_transition ? k - settings.size() : 0;
    const std::string what = of_transition
                                 ? std::string(numbers[at % numbers.size()]) + " of transition " +
                                       std::to_string(at / numbers.size() + 1)
                                 : settings[k];
    const std::string found = k < 3 ? "another"
                                    : text(std::bit_cast<double>(words[k])) +
                                          " where the command has " +
                                          text(std::bit_cast<double>(ours[k])) + " for the";
    error->all(FLERR, "Fix powerstroke: the restart file has " + found + " " + what +
                          "; to begin anew, use another fix ID");
  }
}

void FixPowerstroke::write_restart(FILE* file) {
  const Ledger sum = total();
  std::vector<std::uint64_t> state = {magic,
                                      law_.transitions.size(),
                                      seed_,
                                      clock_->now(),
                                      sum.uptakes,
                                      sum.releases,
                                      sum.blocked,
                                      sum.declined_uptakes,
                                      sum.declined_releases};
  for (std::size_t k = 0; k < law_.transitions.size(); ++k)
    state.push_back(static_cast<std::uint64_t>(sum.net[k]));
  const std::vector<std::uint64_t> law = law_words();
  state.insert(state.end(), law.begin(), law.end());
  if (comm->me != 0) return;
  const int bytes = static_cast<int>(state.size() * sizeof(std::uint64_t));
  std::fwrite(&bytes, sizeof bytes, 1, file);
  std::fwrite(state.data(), static_cast<std::size_t>(bytes), 1, file);
}

void FixPowerstroke::restart(char* buffer) {
  const std::size_t transitions = law_.transitions.size();
  std::vector<std::uint64_t> state(head);
  std::memcpy(state.data(), buffer, head * sizeof(std::uint64_t));
  if (state[0] != magic && state[0] != magic_without_law)
    error->all(
        FLERR,
        std::string(
            "Fix powerstroke: the restart file has a state of it that this version does not know"));
  if (state[1] != transitions || state[2] != seed_)
    error->all(FLERR, std::string("Fix powerstroke: the restart file has another seed or another "
                                  "number of transitions; to "
                                  "begin anew, use another fix ID"));
  const std::size_t law = state[0] == magic ? law_words().size() : 0;
  state.resize(head + transitions + law);
  std::memcpy(state.data(), buffer, state.size() * sizeof(std::uint64_t));
  if (law > 0)
    check_law(&state[head + transitions]);
  else if (comm->me == 0)
    error->warning(
        FLERR,
        std::string(
            "Fix powerstroke: the restart file is of an older version, which did not keep DELTA_E, "
            "temperature and rates: they must be those of the command"));
  if (clock_->now() > state[3] && comm->me == 0)
    error->warning(FLERR, "Fix powerstroke: the restart file has step " + std::to_string(state[3]) +
                              " of seed " + std::to_string(seed_) + ", and this LAMMPS is at " +
                              std::to_string(clock_->now()) +
                              ": random numbers go on from there, none is used twice");
  if (clock_->now() < state[3]) *clock_ = powerstroke::StepClock(state[3]);
  if (comm->me != 0) return;  // one process carries on the counts
  ledger_.uptakes = state[4];
  ledger_.releases = state[5];
  ledger_.blocked = state[6];
  ledger_.declined_uptakes = state[7];
  ledger_.declined_releases = state[8];
  for (std::size_t k = 0; k < transitions; ++k)
    ledger_.net[k] = static_cast<std::int64_t>(state[head + k]);
}

}  // namespace LAMMPS_NS
