#include "powerstroke/io/files/run_folder.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace powerstroke::io {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 7> kOwnFiles = {
    result_name,           summary_name,    report_name,
    trajectory_name,       checkpoint_name, previous_checkpoint_name,
    coming_checkpoint_name};

bool is_own(const std::string& name) {
  return std::ranges::find(kOwnFiles, name) != kOwnFiles.end() || is_frame_log(name);
}

}  // namespace

bool is_frame_log(std::string_view name) {
  return name.starts_with("trajectory.") && name.ends_with(".frames");
}

FolderKind result_folder() {
  return {
      "result",
      {result_name, summary_name},
      [](const fs::path& entry) { return is_own(entry.filename().string()); },
      {checkpoint_name, previous_checkpoint_name},
      [](const std::string& name) { return name == coming_checkpoint_name || is_frame_log(name); }};
}

}  // namespace powerstroke::io
