#pragma once

#include <filesystem>
#include <string>

#include "powerstroke/study/result/result.hpp"

/// `result.h5`: everything a result holds, self-describing. Root attributes carry format, config
/// and provenance; the groups /series, /histogram, /solution, /comparison and /performance mirror
/// the structs of result.hpp, and each dataset says its `units` and its `description`.
/// Two-dimensional datasets are [snapshot][bin].
namespace powerstroke::io {

/// Creates or replaces the file and waits until the disk has it.
/// @throws IoError with the path and the reason.
void write_hdf5(const study::RunResult& result, const std::filesystem::path& path);

/// Gives back what `write_hdf5` was given, bit for bit; the config is decoded anew from its JSON
/// text.
/// @throws IoError naming the path if the file is missing, damaged, foreign, or newer than this
/// program.
study::RunResult read_hdf5(const std::filesystem::path& path);

/// The bytes of that file, and the result that they hold: for a copy in memory. @param origin
/// stands for the path in messages.
std::string hdf5_bytes(const study::RunResult& result);
study::RunResult from_hdf5_bytes(std::string bytes, const std::string& origin);

}  // namespace powerstroke::io
