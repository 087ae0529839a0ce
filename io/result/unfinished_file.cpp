#include "powerstroke/io/result/unfinished_file.hpp"

#include <unistd.h>

#include <atomic>

namespace powerstroke::io {
namespace {

std::atomic<const UnfinishedFile*> marked = nullptr;
static_assert(std::atomic<const UnfinishedFile*>::is_always_lock_free);  // or no signal handler may look at it

}  // namespace

UnfinishedFile::UnfinishedFile(const std::filesystem::path& file)
    : file_(file.string()), folder_(file.parent_path().string()) {
  marked = this;
}

UnfinishedFile::~UnfinishedFile() {
  const UnfinishedFile* self = this;
  marked.compare_exchange_strong(self, nullptr);
}

void remove_unfinished_file() noexcept {
  const UnfinishedFile* const unfinished = marked;
  if (unfinished == nullptr) return;
  ::unlink(unfinished->file_.c_str());
  ::rmdir(unfinished->folder_.c_str());
}

}  // namespace powerstroke::io
