#include "powerstroke/io/result/hdf5.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "io/result/sample_result.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/files/durable_file.hpp"
#include "support/temporary_folder.hpp"

using namespace powerstroke;
using namespace powerstroke::io;
using namespace powerstroke::study;
using test_support::SampleResult;
using test_support::TemporaryFolder;

namespace {

std::vector<std::uint64_t> bits(const std::vector<double>& values) {
  std::vector<std::uint64_t> words;
  for (const double value : values) words.push_back(std::bit_cast<std::uint64_t>(value));
  return words;
}

/// All doubles of a result, in an order of this test's own.
std::vector<double> doubles_of(const RunResult& r) {
  std::vector<double> all;
  const auto add = [&all](const std::vector<double>& values) {
    all.insert(all.end(), values.begin(), values.end());
  };
  add(r.series.t);
  for (const Quantity& quantity : r.quantities)
    for (const auto* values : {&quantity.values, &quantity.errors, &quantity.solution})
      add(*values);
  add(r.histograms.edges);
  const Solution& e = r.solution;
  add(e.t);
  for (const auto& row : e.bin_probability) add(row);
  add({e.mass_error, e.error_estimate});
  for (const auto* fits : {&r.comparison.master_equation, &r.comparison.levels}) {
    for (const Fit& f : *fits)
      add({f.t, f.chi2, f.dof, f.p_value, f.kl_divergence, f.total_variation});
  }
  const StationaryFit& law = r.comparison.stationary;
  add({law.ratio, law.ks, law.chi2, law.dof, law.p_value, law.kl_divergence, law.total_variation,
       law.solution_total_variation, law.exponential_total_variation});
  add(law.bin_probability);
  add(law.exponential_bin_probability);
  for (const CountTest& c : r.comparison.counts) add({c.counted, c.expected, c.z, c.p_value});
  add({r.comparison.p_limit, r.comparison.false_alarm_rate, r.performance.wall_s,
       r.performance.strokes_per_s});
  return all;
}

void check_same(const RunResult& a, const RunResult& b) {
  CHECK(bits(doubles_of(a)) == bits(doubles_of(b)));
  CHECK(a.series.strokes_up == b.series.strokes_up);
  CHECK(a.comparison.tests == b.comparison.tests);
  REQUIRE(a.comparison.counts.size() == b.comparison.counts.size());
  for (std::size_t i = 0; i < a.comparison.counts.size(); ++i)
    CHECK(a.comparison.counts[i].what == b.comparison.counts[i].what);
  CHECK(a.series.strokes_down == b.series.strokes_down);
  CHECK(a.series.blocked == b.series.blocked);
  CHECK(a.histograms.counts == b.histograms.counts);
  CHECK(a.histograms.overflow == b.histograms.overflow);
  CHECK(a.histograms.levels == b.histograms.levels);
  CHECK(a.solution.nodes == b.solution.nodes);
  CHECK(a.solution.levels == b.solution.levels);
  CHECK(a.comparison.stationary.law == b.comparison.stationary.law);
  CHECK(a.comparison.stationary.exists == b.comparison.stationary.exists);
  CHECK(a.comparison.stationary.frozen == b.comparison.stationary.frozen);
  CHECK(a.comparison.stationary.reached == b.comparison.stationary.reached);
  CHECK(a.comparison.verdict == b.comparison.verdict);
  CHECK(a.comparison.why == b.comparison.why);
  CHECK(a.comparison.remarks == b.comparison.remarks);
  CHECK(a.performance.strokes == b.performance.strokes);
  CHECK(a.performance.threads == b.performance.threads);
  CHECK(a.performance.peak_memory_bytes == b.performance.peak_memory_bytes);
  CHECK(a.performance.bytes_per_particle == b.performance.bytes_per_particle);
  CHECK(a.performance.steps == b.performance.steps);
  CHECK(a.provenance.version == b.provenance.version);
  CHECK(a.provenance.compiler == b.provenance.compiler);
  CHECK(a.provenance.build == b.provenance.build);
  CHECK(a.provenance.revision == b.provenance.revision);
  CHECK(a.provenance.created == b.provenance.created);
  CHECK(a.has_particles == b.has_particles);
  CHECK(a.config.json == b.config.json);
  CHECK(a.config.seed == b.config.seed);
  CHECK(a.config.title == b.config.title);
  CHECK(bits(a.config.snapshots) == bits(b.config.snapshots));
}

/// Writes `bytes` as a result and gives back what reading it complains about; empty if it is read.
std::string complaint(const std::filesystem::path& path, const std::string& bytes) {
  write_durably(path, bytes);
  try {
    read_hdf5(path);
  } catch (const IoError& error) {
    return error.what();
  }
  return "";
}

std::string replaced(std::string bytes, const std::string& what, const std::string& by) {
  const std::size_t at = bytes.find(what);
  REQUIRE(at != std::string::npos);
  REQUIRE(what.size() == by.size());
  return bytes.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("a result comes back bit for bit, NaN and -0 included") {
  const TemporaryFolder folder;
  for (const bool has_particles : {true, false}) {
    const RunResult written = SampleResult::make(has_particles);
    write_hdf5(written, folder.path() / "result.h5");
    check_same(written, read_hdf5(folder.path() / "result.h5"));
  }
  RunResult bare;
  bare.config = parse_config(test_support::small_config, "small.json");
  write_hdf5(bare, folder.path() / "bare.h5");
  check_same(bare, read_hdf5(folder.path() / "bare.h5"));
}

TEST_CASE("equal results are equal files") {
  const TemporaryFolder folder;
  write_hdf5(SampleResult::make(), folder.path() / "a.h5");
  write_hdf5(SampleResult::make(), folder.path() / "b.h5");
  CHECK(read_bytes(folder.path() / "a.h5") == read_bytes(folder.path() / "b.h5"));
}

TEST_CASE("datasets larger than a chunk, and a config larger than an HDF5 object header") {
  const TemporaryFolder folder;
  RunResult large = SampleResult::make();
  large.solution.bin_probability.assign(3, std::vector<double>(200000, 1.0 / 3.0));
  large.config =
      parse_config(test_support::small_config, "small.json", {{"title", std::string(100000, 'x')}});
  write_hdf5(large, folder.path() / "large.h5");
  check_same(large, read_hdf5(folder.path() / "large.h5"));
}

TEST_CASE("a file that is cut off anywhere is an error that names it, never half a result") {
  const TemporaryFolder folder;
  write_hdf5(SampleResult::make(), folder.path() / "result.h5");
  const std::string whole = read_bytes(folder.path() / "result.h5");
  const std::filesystem::path cut = folder.path() / "cut.h5";
  REQUIRE(complaint(cut, whole).empty());
  for (std::size_t part = 0; part < 50; ++part) {
    const std::string message = complaint(cut, whole.substr(0, whole.size() * part / 50));
    CAPTURE(part);
    CHECK(message.find("cannot read '" + cut.string() + "'") == 0);
  }
  CHECK_FALSE(complaint(cut, whole.substr(0, whole.size() - 1)).empty());
}

TEST_CASE("a number that was changed on the disk is noticed") {
  const TemporaryFolder folder;
  RunResult result = SampleResult::make();
  const double mark = 0.1234567890123;
  result.quantity("mean_energy").values = {mark, mark, mark};
  write_hdf5(result, folder.path() / "result.h5");
  const std::string whole = read_bytes(folder.path() / "result.h5");
  std::string number(sizeof mark, '\0');
  std::memcpy(number.data(), &mark, sizeof mark);
  std::string other = number;
  other[0] = static_cast<char>(other[0] ^ 1);
  CHECK(
      complaint(folder.path() / "flipped.h5", replaced(whole, number, other)).find("cannot read") ==
      0);
}

TEST_CASE(
    "a file whose seal is gone, changed, or no more at its end is damaged, whatever else is in "
    "it") {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "result.h5";
  write_hdf5(SampleResult::make(), path);
  const std::string whole = read_bytes(path),
                    flipped = replaced(whole, "powerstroke/1", "powerstroke/2");
  constexpr std::size_t seal = 28;
  const auto is_damaged = [&](const std::string& bytes) {
    const std::string said = complaint(path, bytes);
    return said.find("it is damaged: ") != std::string::npos &&
           said.find("checksum") != std::string::npos;
  };
  for (const std::string& bytes : {whole, flipped}) {
    CHECK(is_damaged(bytes + "x"));
    CHECK(is_damaged(bytes + '\0'));
    CHECK(is_damaged(bytes + bytes));
    CHECK(is_damaged(bytes + std::string(4096, '\0')));
    for (std::size_t cut = 1; cut <= seal; ++cut) {
      CAPTURE(cut);
      CHECK(is_damaged(bytes.substr(0, bytes.size() - cut)));
      CHECK(is_damaged(bytes.substr(0, bytes.size() - cut) + std::string(cut, '\0')));
    }
    for (std::size_t at = bytes.size() - seal; at < bytes.size(); ++at)
      for (int bit = 0; bit < 8; ++bit) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
        CAPTURE(at);
        CHECK(is_damaged(changed));
      }
  }
  CHECK(is_damaged(flipped));
}

TEST_CASE("foreign and newer files are told apart") {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "other.h5";
  CHECK(complaint(path, "just text").find("it is no HDF5 file, or damaged") != std::string::npos);
  CHECK(complaint(path, "").ends_with("it is empty"));
  write_hdf5(SampleResult::make(), path);
  const std::string whole = read_bytes(path);
  const std::string unsealed =
      replaced(whole.substr(0, whole.size() - 28), "crc32_at_the_end", "crc32_at_no_time");
  CHECK(complaint(path, unsealed).empty());  // as the first programs wrote them
  CHECK(complaint(path, replaced(unsealed, "powerstroke-result/1", "powerstroke-result/2"))
            .find("is newer than 'powerstroke-result/1'") != std::string::npos);
  CHECK(complaint(path, replaced(unsealed, "powerstroke-result/1", "somebody-elses-own/1"))
            .find("it is no result of powerstroke") != std::string::npos);
  CHECK(complaint(path, replaced(unsealed, std::string("format\0", 7), std::string("formal\0", 7)))
            .find("it is an HDF5 file but no result of powerstroke") != std::string::npos);
  CHECK(complaint(path, replaced(unsealed, "mean_ln_E_err", "mean_ln_E_bar"))
            .find("the dataset '/series/mean_ln_E_err' is missing") != std::string::npos);
  CHECK(complaint(path, replaced(unsealed, "\"seed\"", "\"sead\""))
            .find("its config is not valid: " + path.string() +
                  " (config):4: at sead: unknown key") != std::string::npos);
  CHECK(complaint(path, replaced(unsealed, "inconsistent", "inconvenient"))
            .find("the verdict 'inconvenient' is none") != std::string::npos);
  CHECK_THROWS_AS(read_hdf5(folder.path() / "absent.h5"), IoError);
}

TEST_CASE("rows of different lengths cannot be written") {
  const TemporaryFolder folder;
  RunResult ragged = SampleResult::make();
  ragged.histograms.counts[1].pop_back();
  CHECK_THROWS_AS(write_hdf5(ragged, folder.path() / "ragged.h5"), IoError);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "ragged.h5"));
}

TEST_CASE(
    "result.h5: a flipped bit anywhere is noticed by the checksum at the file's end, which HDF5's "
    "own tools do not mind") {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "result.h5";
  write_hdf5(SampleResult::make(), path);
  const std::string whole = read_bytes(path);
  CHECK(whole.compare(whole.size() - 28, 19, "\npowerstroke-crc32 ") == 0);
  int noticed = 0, flips = 0;
  for (std::size_t at = 0; at + 28 < whole.size(); at += 211, ++flips) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
    if (complaint(path, damaged).find("it is damaged: its checksum") != std::string::npos)
      ++noticed;
  }
  CHECK(noticed == flips);
}
