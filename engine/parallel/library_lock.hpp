#pragma once

namespace powerstroke::parallel {

/// Libraries whose state is one for the whole process, so that one thread at a time may call them.
/// Who holds several takes them in this order.
enum class Library { hdf5, udunits };

/// Keeps all other threads out of a library while it lives. A thread that holds it must not take it
/// again. In the child of a fork each lock is free, whichever thread of the parent held it.
class LibraryLock {
 public:
  explicit LibraryLock(Library library);
  LibraryLock(const LibraryLock&) = delete;
  LibraryLock& operator=(const LibraryLock&) = delete;
  ~LibraryLock();

 private:
  Library library_;
};

}  // namespace powerstroke::parallel
