#include "powerstroke/io/checkpoint/checkpoints.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/checkpoint/archive.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/io/files/durable_file.hpp"
#include "powerstroke/io/files/hdf5_archive.hpp"
#include "powerstroke/io/files/run_folder.hpp"
#include "powerstroke/io/trajectory/frame_log.hpp"
#include "powerstroke/study/result/provenance.hpp"

namespace powerstroke::io {

using namespace study;

namespace fs = std::filesystem;

namespace {

void rename_file(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error)
    throw IoError(
        fmt::format("cannot rename '{}' to '{}': {}", from.string(), to.string(), error.message()));
}

void remove_file(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  if (error) throw IoError(fmt::format("cannot remove '{}': {}", file.string(), error.message()));
}

/// On the first rank, the folder is locked and in order; the others write nothing.
Checkpoints::Lock taken(const fs::path& place, parallel::Ranks ranks) {
  return ranks.is_first() ? take_folder(place, result_folder()) : nullptr;
}

/// That no frame log there has.
std::string new_frame_log(const fs::path& folder) {
  std::string name = frame_log_name;
  std::error_code error;
  for (int number = 2; fs::exists(fs::symlink_status(folder / name, error)); ++number)
    name = fmt::format("trajectory.{}.frames", number);
  return name;
}

}  // namespace

Checkpoints::Checkpoints(fs::path folder, Options options, Lock lock)
    : folder_(std::move(folder)),
      options_(std::move(options)),
      lock_(std::move(lock)),
      start_(Clock::now()),
      last_(start_) {}

Checkpoints::Checkpoints(const fs::path& folder, Config config, Options options, Lock lock)
    : Checkpoints(resolved(folder), std::move(options), nullptr) {
  lock_ = lock ? std::move(lock) : taken(folder_, options_.ranks);
  config_ = std::move(config);
  frames_ = new_frame_log(folder_);
}

Checkpoints Checkpoints::resume(const fs::path& folder, Options options,
                                std::vector<std::string>& remarks, Lock lock) {
  const parallel::Ranks ranks = options.ranks;
  if (!ranks.is_first()) ranks.from_first(0);  // waits until it has put the folder in order
  const fs::path place = resolved(folder);
  std::error_code error;
  const auto nothing = [&] {
    return IoError(fmt::format("'{}' holds no checkpoint ('{}'), so there is nothing to resume",
                               place.string(), checkpoint_name));
  };
  if (ranks.is_first() && !fs::exists(place, error)) recover_whole_folder(place, result_folder());
  if (!fs::exists(place, error)) throw nothing();
  Checkpoints run(place, std::move(options), lock ? std::move(lock) : taken(place, ranks));
  if (!is_unfinished(result_folder(), place)) throw nothing();
  run.holds_others_ = false;
  std::string wrong;
  for (const char* name : {checkpoint_name, previous_checkpoint_name}) {
    if (!fs::exists(place / name, error)) continue;  // killed between two renames
    try {
      run.from_.emplace(place / name);
      run.from_->read([&](const hdf5::Reader& root) {
        std::string json;
        root.field("config", json, "", "");
        root.field("wall_s", run.wall_s_before_, "", "");
        run.frames_ = frame_log_name;
        if (root.has("frames")) root.field("frames", run.frames_, "", "");
        if (!is_frame_log(run.frames_) || run.frames_.find('/') != std::string::npos)
          throw hdf5::Failure("it names no frame log of its folder");
        run.config_ = parse_config(json, (place / name).string() + " (config)");
        run.config_.json = json;
      });
      run.has_own_ = true;
      run.latest_is_good_ = name == std::string_view(checkpoint_name);
      break;
    } catch (const IoError& problem) {
      run.from_.reset();
      wrong += fmt::format("{}{}", wrong.empty() ? "" : "; ", problem.what());
    }
  }
  if (!run.from_)
    throw IoError(fmt::format("no checkpoint of '{}' is whole: {}", place.string(), wrong));
  if (!wrong.empty() && run.lock_)
    remarks.push_back(
        fmt::format("{}; going on from '{}'", wrong, run.from_->path().filename().string()));
  if (ranks.is_first()) ranks.from_first(0);
  return run;
}

void Checkpoints::move_to(const fs::path& folder, Lock lock) {
  const fs::path from = folder_ / frames_;
  folder_ = resolved(folder);
  lock_of_source_ = std::exchange(lock_, std::move(lock));
  has_own_ = latest_is_good_ = false;
  holds_others_ = true;
  frames_ = new_frame_log(folder_);
  std::error_code error;
  if (!lock_ || !config_.phase_space || !config_.phase_space->trajectory) return;
  frames_begun_ = true;
  fs::copy_file(from, folder_ / frames_, error);
  if (error)
    throw IoError(fmt::format("cannot copy '{}' to '{}': {}", from.string(),
                              (folder_ / frames_).string(), error.message()));
}

Checkpoints::Checkpoints(Checkpoints&&) noexcept = default;

Checkpoints::~Checkpoints() {
  if (!lock_ || has_own_ || !frames_begun_) return;
  std::error_code ignored;
  fs::remove(folder_ / frames_, ignored);
}

void Checkpoints::restore(const std::function<void(const Archive& state)>& restore) const {
  if (from_)
    from_->read([&](const hdf5::Reader& root) { restore(archive_of(root.group("state"))); });
}

void Checkpoints::offer(double fraction, const Save& save, const std::function<void()>& collect) {
  const double since_last = std::chrono::duration<double>(Clock::now() - last_).count();
  const bool ours_is_due = options_.every_s > 0.0 && since_last >= options_.every_s;
  const auto our_wish = static_cast<std::int64_t>(options_.wish ? options_.wish() : Wish::go_on);
  const std::int64_t decided =
      options_.ranks.from_first(2 * our_wish + (ours_is_due ? 1 : 0));  // one message a step
  const auto wish = static_cast<Wish>(decided / 2);
  if (decided == 0) return;
  keep(save, collect);
  if (wish == Wish::stop) throw Interrupted{fraction};
  if (wish == Wish::keep && options_.kept && lock_) options_.kept(fraction);
}

void Checkpoints::keep(const Save& save, const std::function<void()>& collect) {
  if (collect) collect();
  if (lock_) write(save);
  last_ = Clock::now();
}

bool Checkpoints::rescue(const Save& save) noexcept {
  if (!lock_) return false;
  try {
    if (!options_.ranks.are_several()) write(save);
  } catch (...) {  // the failure that brought us here is the one to tell of
  }
  return has_own_;
}

void Checkpoints::leave(double fraction, const Save& save) {
  if (lock_ && !options_.ranks.are_several()) write(save);
  throw Interrupted{fraction, has_own_};
}

void Checkpoints::write(const Save& save) {
  const fs::path coming = folder_ / coming_checkpoint_name, latest = folder_ / checkpoint_name,
                 previous = folder_ / previous_checkpoint_name;
  remove_file(coming);  // of a process that was killed
  try {
    write_checkpoint(coming, [&](const hdf5::Writer& root) {
      const Provenance program = provenance();
      root.field("config", config_.json, "text", "The run's config, with everything that was set");
      root.field("version", program.version, "text", "Version of the program that wrote this");
      root.field("revision", program.revision, "text", "Its source");
      root.field("wall_s", wall_s(), "s", "Computing so far");
      root.field("frames", frames_, "text",
                 "Name of the log of the trajectory's frames, if there is one");
      save(archive_of(root.group("state")));
    });
  } catch (...) {
    std::error_code ignored;
    fs::remove(coming, ignored);
    throw;
  }
  std::error_code error;
  if (latest_is_good_ && fs::exists(latest, error)) rename_file(latest, previous);
  rename_file(coming, latest);
  sync_folder(folder_);
  has_own_ = latest_is_good_ = true;
  if (std::exchange(holds_others_, false)) forget_others();
}

/// What an earlier run kept there, now that this one can go on.
void Checkpoints::forget_others() {
  remove_file(folder_ / previous_checkpoint_name);
  std::error_code error;
  std::vector<fs::path> logs;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end;
       entry.increment(error))
    if (const std::string name = entry->path().filename().string();
        is_frame_log(name) && name != frames_)
      logs.push_back(entry->path());
  for (const fs::path& log : logs) remove_file(log);
}

double Checkpoints::wall_s() const {
  return wall_s_before_ + std::chrono::duration<double>(Clock::now() - start_).count();
}

fs::path Checkpoints::frame_log() {
  frames_begun_ = frames_begun_ || !has_own_;
  return folder_ / frames_;
}

std::unique_ptr<Frames> Checkpoints::frames(const Config& settings,
                                            const std::optional<FrameMark>& from) {
  const H5mdLayout layout = trajectory_layout(settings, provenance());
  if (from) return std::make_unique<FrameLog>(frame_log(), layout, *from);
  return std::make_unique<FrameLog>(frame_log(), layout);
}

}  // namespace powerstroke::io
