#pragma once

#include <string_view>

#include "powerstroke/io/files/whole_folder.hpp"

/// The files in the folder of a run: those of its result, and those of a run that is not finished.
namespace powerstroke::io {

/// Names of a result's files.
inline constexpr const char *result_name = "result.h5", *summary_name = "summary.json",
                            *report_name = "report.html", *trajectory_name = "trajectory.h5md";

/// Names of what an unfinished run keeps in its folder until the result is there.
inline constexpr const char *checkpoint_name = "checkpoint.h5",
                            *previous_checkpoint_name = "checkpoint.previous.h5",
                            *coming_checkpoint_name = "checkpoint.coming.h5",
                            *frame_log_name = "trajectory.frames";

/// "trajectory.frames", or with a number in between: of a run that was begun while another's was
/// still of use.
bool is_frame_log(std::string_view name);

/// What the program knows its result folders by, and unfinished ones.
FolderKind result_folder();

}  // namespace powerstroke::io
