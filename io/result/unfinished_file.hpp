#pragma once

#include <filesystem>
#include <string>

/// What a signal that ends the program leaves to tidy up: destructors do not run then.
namespace powerstroke::io {

/// Marks a file that is being written, alone in a hidden folder of its own, for as long as the mark lives. One at a time: a
/// later mark takes the place of an earlier one.
class UnfinishedFile {
 public:
  explicit UnfinishedFile(const std::filesystem::path& file);
  UnfinishedFile(const UnfinishedFile&) = delete;
  UnfinishedFile& operator=(const UnfinishedFile&) = delete;
  ~UnfinishedFile();

 private:
  friend void remove_unfinished_file() noexcept;
  std::string file_, folder_;
};

/// Removes the marked file and its folder; nothing if there is no mark. May be called in a signal handler.
void remove_unfinished_file() noexcept;

}  // namespace powerstroke::io
