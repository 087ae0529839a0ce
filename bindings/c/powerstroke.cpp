#include "powerstroke.h"

#include <cstddef>
#include <exception>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/io/result/catalog.hpp"
#include "powerstroke/io/result/folder.hpp"
#include "powerstroke/report/report.hpp"
#include "powerstroke/study/result/provenance.hpp"
#include "powerstroke/study/run/compare.hpp"
#include "powerstroke/study/run/in_place.hpp"
#include "powerstroke/study/run/run.hpp"

using powerstroke::AskedToStop;
using powerstroke::ConfigError;
using powerstroke::IoError;
using powerstroke::Ledger;
using powerstroke::MomentumView;
using powerstroke::NumericsError;
using powerstroke::StopCheck;
namespace io = powerstroke::io;
namespace report = powerstroke::report;
namespace study = powerstroke::study;
namespace parallel = powerstroke::parallel;

struct powerstroke_strokes {
  study::StrokesConfig config;
  int dimension;
  double mass;
  std::uint64_t seed;
  study::InPlaceStrokes strokes;
};

struct powerstroke_result {
  explicit powerstroke_result(study::RunResult from) : result(std::move(from)), catalog(result) {}
  study::RunResult result;
  io::Catalog catalog;
};

namespace {

/// An argument that no caller may give.
struct BadArgument {
  std::string what;
};
/// By the caller's progress function.
struct Stopped {};
constexpr const char* stopped = "the progress function stopped the run";

std::string& last_error() {
  thread_local std::string text;
  return text;
}

powerstroke_status failed(powerstroke_status status, const char* what) noexcept {
  try {
    last_error() = what;
  } catch (...) {
    last_error().clear();  // not even memory for the message
  }
  return status;
}

/// The border: nothing that `body` throws goes on.
template <class Body>
powerstroke_status guarded(Body&& body) noexcept {
  try {
    body();
    return POWERSTROKE_OK;
  } catch (const Stopped&) {
    return failed(POWERSTROKE_STOPPED, stopped);
  } catch (const AskedToStop&) {
    return failed(POWERSTROKE_STOPPED, stopped);
  } catch (const BadArgument& error) {
    return failed(POWERSTROKE_BAD_ARGUMENT, error.what.c_str());
  } catch (const ConfigError& error) {
    return failed(POWERSTROKE_BAD_CONFIG, error.what());
  } catch (const NumericsError& error) {
    return failed(POWERSTROKE_BAD_NUMBERS, error.what());
  } catch (const IoError& error) {
    return failed(POWERSTROKE_BAD_FILE, error.what());
  } catch (const std::bad_alloc&) {
    return failed(POWERSTROKE_NO_MEMORY, "not enough memory");
  } catch (const std::exception& error) {
    return failed(POWERSTROKE_BUG, error.what());
  } catch (...) {
    return failed(POWERSTROKE_BUG, "an unknown error");
  }
}

template <class T>
T& given(T* pointer, const char* name) {
  if (pointer == nullptr) throw BadArgument{std::string(name) + " is NULL"};
  return *pointer;
}

powerstroke_verdict verdict_of(study::Verdict verdict) {
  switch (verdict) {
    case study::Verdict::consistent: return POWERSTROKE_CONSISTENT;
    case study::Verdict::inconsistent: return POWERSTROKE_INCONSISTENT;
    case study::Verdict::not_comparable: break;
  }
  return POWERSTROKE_NOT_COMPARABLE;
}

const io::NamedArray& field_of(const powerstroke_result* result, const char* name) {
  const io::NamedArray* field = given(result, "result").catalog.find(&given(name, "name"));
  if (field == nullptr)
    throw BadArgument{std::string("the result has no field '") + name +
                      "'; powerstroke_result_name lists those it has"};
  return *field;
}

template <class T>
std::span<const T> values_of(const io::NamedArray& field, const char* kind) {
  if (const auto* values = std::get_if<std::span<const T>>(&field.values)) return *values;
  throw BadArgument{"'" + field.name + "' holds no " + kind};
}

template <class T>
void hand_out(const powerstroke_result* result, const char* name, const char* kind, const T** data,
              size_t* shape) {
  given(data, "data");
  given(shape, "shape");
  const io::NamedArray& field = field_of(result, name);
  *data = values_of<T>(field, kind).data();
  shape[0] = field.shape.empty() ? 1 : field.shape[0];
  shape[1] = field.shape.size() < 2 ? 1 : field.shape[1];
}

std::unique_ptr<powerstroke_result> handle_of(study::RunResult result) {
  return std::make_unique<powerstroke_result>(std::move(result));
}

}  // namespace

extern "C" {

const char* powerstroke_error(void) { return last_error().c_str(); }

const char* powerstroke_version(void) {
  static const std::string version = study::provenance().version;
  return version.c_str();
}

void powerstroke_set_threads(int threads) { parallel::set_default_threads(threads); }

powerstroke_status powerstroke_strokes_new(const char* json, uint64_t particles, int dimension,
                                           double mass, uint64_t seed,
                                           powerstroke_strokes** strokes) {
  return guarded([&] {
    given(strokes, "strokes");
    study::StrokesConfig config =
        io::parse_strokes(&given(json, "json"), particles, dimension, mass, "strokes");
    study::InPlaceStrokes kernel(config, seed);
    *strokes = new powerstroke_strokes{std::move(config), dimension, mass, seed, std::move(kernel)};
  });
}

void powerstroke_strokes_free(powerstroke_strokes* strokes) { delete strokes; }

powerstroke_status powerstroke_strokes_soa(powerstroke_strokes* strokes, double* const* momenta,
                                           size_t particles, uint64_t first_id, double dt) {
  return guarded([&] {
    powerstroke_strokes& ours = given(strokes, "strokes");
    const auto dimension = static_cast<size_t>(ours.dimension);
    std::vector<double*> components(dimension, nullptr);  // no particles may lie anywhere
    if (particles > 0) components.assign(&given(momenta, "momenta"), momenta + dimension);
    for (double* const component : components)
      if (particles > 0) given(component, "a component of momenta");
    ours.strokes.advance(
        MomentumView::components(components, particles, ours.mass).numbered_from(first_id), dt);
  });
}

powerstroke_status powerstroke_strokes_aos(powerstroke_strokes* strokes, double* momenta,
                                           size_t particles, size_t stride, uint64_t first_id,
                                           double dt) {
  return guarded([&] {
    powerstroke_strokes& ours = given(strokes, "strokes");
    if (particles > 0) given(momenta, "momenta");
    const std::span vectors(momenta, particles * stride);
    ours.strokes.advance(MomentumView::interleaved(vectors, ours.dimension, stride, ours.mass)
                             .numbered_from(first_id),
                         dt);
  });
}

powerstroke_status powerstroke_strokes_ledger(const powerstroke_strokes* strokes,
                                              powerstroke_ledger* ledger) {
  return guarded([&] {
    const Ledger& booked = given(strokes, "strokes").strokes.ledger();
    given(ledger, "ledger") = {booked.uptakes,          booked.releases,          booked.blocked,
                               booked.declined_uptakes, booked.declined_releases, booked.steps};
  });
}

powerstroke_status powerstroke_strokes_energy(const powerstroke_strokes* strokes, double* energy) {
  return guarded([&] { given(energy, "energy") = given(strokes, "strokes").strokes.energy(); });
}

powerstroke_status powerstroke_strokes_net(const powerstroke_strokes* strokes, size_t transition,
                                           int64_t* net) {
  return guarded([&] {
    const study::InPlaceStrokes& ours = given(strokes, "strokes").strokes;
    const size_t transitions = ours.law().transitions.size();
    if (transition >= transitions)
      throw BadArgument{"transition " + std::to_string(transition) + "; there are " +
                        std::to_string(transitions) + ", numbered from 0"};
    given(net, "net") = ours.ledger().net[transition];
  });
}

powerstroke_status powerstroke_strokes_clock(const powerstroke_strokes* strokes, uint64_t* step) {
  return guarded([&] { given(step, "step") = given(strokes, "strokes").strokes.step(); });
}

powerstroke_status powerstroke_strokes_go_on(powerstroke_strokes* strokes, uint64_t step,
                                             const int64_t* net, size_t transitions) {
  return guarded([&] {
    powerstroke_strokes& ours = given(strokes, "strokes");
    if (net != nullptr && transitions != ours.config.law.transitions.size())
      throw BadArgument{"net has " + std::to_string(transitions) + " numbers; the strokes have " +
                        std::to_string(ours.config.law.transitions.size()) + " transitions"};
    if (step < ours.strokes.step())
      throw BadArgument{"step " + std::to_string(step) + " is past: the clock stands at " +
                        std::to_string(ours.strokes.step()) +
                        ", and random numbers must not be used twice"};
    Ledger so_far;
    for (size_t k = 0; net != nullptr && k < transitions; ++k) so_far.net[k] = net[k];
    ours.strokes = study::InPlaceStrokes(ours.config, ours.seed, step, so_far);
  });
}

powerstroke_status powerstroke_run(const char* config, powerstroke_progress progress, void* user,
                                   powerstroke_result** result) {
  return guarded([&] {
    given(result, "result");
    // Asked between strokes, and inside of what takes long besides: of the caller's own thread
    // alone.
    double reached = 0.0;
    std::uint64_t made = 0;
    const auto caller = std::this_thread::get_id();
    const auto wished = [&] {
      return progress != nullptr && std::this_thread::get_id() == caller &&
             progress(reached, made, user) != 0;
    };
    const study::Progress told = [&](double fraction, std::uint64_t strokes) {
      reached = fraction;
      made = strokes;
      if (wished()) throw Stopped{};
    };
    const StopCheck stop(wished);
    *result =
        handle_of(study::run(io::parse_config(&given(config, "config"), "config"), told)).release();
  });
}

powerstroke_status powerstroke_solve(const char* config, powerstroke_result** result) {
  return guarded([&] {
    given(result, "result");
    *result =
        handle_of(study::solve(io::parse_config(&given(config, "config"), "config"))).release();
  });
}

powerstroke_status powerstroke_result_read(const char* folder, powerstroke_result** result) {
  return guarded([&] {
    given(result, "result");
    *result = handle_of(io::read_result(&given(folder, "folder"))).release();
  });
}

powerstroke_status powerstroke_result_write(const powerstroke_result* result, const char* folder,
                                            int replace) {
  return guarded([&] {
    io::write_result(given(result, "result").result, &given(folder, "folder"), replace != 0,
                     [](const study::RunResult& of) { return report::make_report(of).html; });
  });
}

void powerstroke_result_free(powerstroke_result* result) { delete result; }

powerstroke_status powerstroke_result_doubles(const powerstroke_result* result, const char* name,
                                              const double** data, size_t shape[2]) {
  return guarded([&] { hand_out(result, name, "floating-point numbers", data, shape); });
}

powerstroke_status powerstroke_result_counts(const powerstroke_result* result, const char* name,
                                             const uint64_t** data, size_t shape[2]) {
  return guarded([&] { hand_out(result, name, "integers", data, shape); });
}

powerstroke_status powerstroke_result_text(const powerstroke_result* result, const char* name,
                                           size_t index, const char** text) {
  return guarded([&] {
    given(text, "text");
    const auto texts = values_of<std::string>(field_of(result, name), "text");
    if (index >= texts.size())
      throw BadArgument{std::string("'") + name + "' has " + std::to_string(texts.size()) +
                        " texts, numbered from 0; found " + std::to_string(index)};
    *text = texts[index].c_str();
  });
}

const char* powerstroke_result_name(const powerstroke_result* result, size_t number) {
  if (result == nullptr || number >= result->catalog.arrays().size()) return nullptr;
  return result->catalog.arrays()[number].name.c_str();
}

powerstroke_status powerstroke_result_verdict(const powerstroke_result* result,
                                              powerstroke_verdict* verdict) {
  return guarded([&] {
    given(verdict, "verdict") = verdict_of(given(result, "result").result.comparison.verdict);
  });
}

powerstroke_status powerstroke_compare(const powerstroke_result* a, const powerstroke_result* b,
                                       powerstroke_verdict* verdict) {
  return guarded([&] {
    given(verdict, "verdict") =
        verdict_of(study::compare(given(a, "a").result, given(b, "b").result).verdict);
  });
}

}  // extern "C"
