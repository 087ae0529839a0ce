#include "powerstroke/io/checkpoint/checkpoints.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/ranks.hpp"
#include "powerstroke/io/result/durable_file.hpp"
#include "powerstroke/io/result/folder.hpp"
#include "powerstroke/io/result/hdf5_archive.hpp"
#include "powerstroke/io/result/provenance.hpp"

namespace powerstroke::io {

namespace fs = std::filesystem;

namespace {

void rename_file(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) throw IoError(fmt::format("cannot rename '{}' to '{}': {}", from.string(), to.string(), error.message()));
}

void remove_file(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  if (error) throw IoError(fmt::format("cannot remove '{}': {}", file.string(), error.message()));
}

/// The folder itself, after what killed processes left beside it.
fs::path recovered(const fs::path& folder) {
  const fs::path place = resolved(folder);
  if (parallel::rank() > 0) return place;
  recover_whole_folder(place, result_folder());
  return place;
}

/// Makes the folder and those above it. @returns those that were not there, the innermost last.
std::vector<fs::path> make_folders(const fs::path& folder) {
  std::vector<fs::path> missing;
  std::error_code error;
  for (fs::path path = folder; path.has_relative_path() && !fs::exists(path, error); path = path.parent_path())
    missing.insert(missing.begin(), path);
  for (const fs::path& path : missing) {
    fs::create_directory(path, error);
    if (error) throw IoError(fmt::format("cannot create '{}': {}", path.string(), error.message()));
  }
  return missing;
}

}  // namespace

/// Of a folder, which is made if it is not there, and goes again if nothing came into it.
class Checkpoints::Lock {
 public:
  explicit Lock(const fs::path& folder) : made_(make_folders(folder)) {
    fd_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd_ < 0) throw IoError(fmt::format("cannot open '{}': {}", folder.string(), std::strerror(errno)));
    if (::flock(fd_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;  // some file systems know no locks
    ::close(fd_);
    throw IoError(fmt::format("another process works in '{}'; wait for it, or choose another folder", folder.string()));
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() {
    for (auto folder = made_.rbegin(); folder != made_.rend(); ++folder) ::rmdir(folder->c_str());  // if it is empty
    ::close(fd_);
  }

 private:
  std::vector<fs::path> made_;
  int fd_;
};

Checkpoints::Checkpoints(fs::path folder, Options options)
    : folder_(std::move(folder)),
      options_(std::move(options)),
      lock_(parallel::rank() == 0 ? std::make_unique<Lock>(folder_) : nullptr),
      start_(Clock::now()),
      last_(start_) {}

Checkpoints::Checkpoints(const fs::path& folder, Config config, Options options)
    : Checkpoints(recovered(folder), std::move(options)) {
  config_ = std::move(config);
  if (!lock_) return;
  for (const char* name : {coming_checkpoint_name, checkpoint_name, previous_checkpoint_name, frame_log_name})
    remove_file(folder_ / name);
}

Checkpoints Checkpoints::resume(const fs::path& folder, Options options, std::vector<std::string>& remarks) {
  if (parallel::rank() > 0) parallel::from_first_rank(0);  // waits until it has put the folder in order
  const fs::path place = recovered(folder);
  if (!is_unfinished(result_folder(), place))
    throw IoError(
        fmt::format("'{}' holds no checkpoint ('{}'), so there is nothing to resume", place.string(), checkpoint_name));
  Checkpoints run(place, std::move(options));
  std::string wrong;
  for (const char* name : {checkpoint_name, previous_checkpoint_name}) {
    std::error_code error;
    if (!fs::exists(place / name, error)) continue;  // killed between two renames
    try {
      run.from_.emplace(place / name);
      run.from_->read([&](const hdf5::Reader& root) {
        std::string json;
        root.field("config", json, "", "");
        root.field("wall_s", run.wall_s_before_, "", "");
        run.config_ = parse_config(json, (place / name).string() + " (config)");
        run.config_.json = json;
      });
      run.has_own_ = true;
      break;
    } catch (const IoError& problem) {
      run.from_.reset();
      wrong += fmt::format("{}{}", wrong.empty() ? "" : "; ", problem.what());
    }
  }
  if (!run.from_) throw IoError(fmt::format("no checkpoint of '{}' is whole: {}", place.string(), wrong));
  if (!wrong.empty() && run.lock_) {
    remarks.push_back(fmt::format("{}; going on from '{}'", wrong, run.from_->path().filename().string()));
    remove_file(place / checkpoint_name);  // or the next one would take the whole one's place as the one before
    rename_file(place / previous_checkpoint_name, place / checkpoint_name);
    run.from_.emplace(place / checkpoint_name);
  }
  if (parallel::rank() == 0) parallel::from_first_rank(0);
  return run;
}

Checkpoints::Checkpoints(Checkpoints&&) noexcept = default;

Checkpoints::~Checkpoints() {
  if (!lock_ || has_own_) return;
  std::error_code ignored;
  for (const char* name : {coming_checkpoint_name, frame_log_name}) fs::remove(folder_ / name, ignored);
}

void Checkpoints::restore(const std::function<void(const hdf5::Reader& state)>& restore) const {
  if (from_) from_->read([&](const hdf5::Reader& root) { restore(root.group("state")); });
}

void Checkpoints::offer(double fraction, const Save& save, const std::function<void()>& collect) {
  const double since_last = std::chrono::duration<double>(Clock::now() - last_).count();
  const bool ours_is_due = options_.every_s > 0.0 && since_last >= options_.every_s;
  const auto our_wish = static_cast<std::int64_t>(options_.wish ? options_.wish() : Wish::go_on);
  const std::int64_t decided = parallel::from_first_rank(2 * our_wish + (ours_is_due ? 1 : 0));  // one message a step
  const auto wish = static_cast<Wish>(decided / 2);
  if (decided == 0) return;
  if (collect) collect();
  if (lock_) write(save);
  last_ = Clock::now();
  if (wish == Wish::stop) throw Interrupted{fraction};
  if (wish == Wish::keep && options_.kept && lock_) options_.kept(fraction);
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
      save(root.group("state"));
    });
  } catch (const IoError&) {
    std::error_code ignored;
    fs::remove(coming, ignored);
    throw;
  }
  std::error_code error;
  if (has_own_ && fs::exists(latest, error)) rename_file(latest, previous);
  rename_file(coming, latest);
  sync_folder(folder_);
  has_own_ = true;
}

double Checkpoints::wall_s() const { return wall_s_before_ + std::chrono::duration<double>(Clock::now() - start_).count(); }

fs::path Checkpoints::frame_log() const { return folder_ / frame_log_name; }

}  // namespace powerstroke::io
