#include "powerstroke/engine/parallel/library_lock.hpp"

#include <pthread.h>

#include <array>
#include <cstddef>
#include <mutex>

namespace powerstroke::parallel {
namespace {

std::array<std::mutex, 2> mutexes;

void lock_all() {
  for (std::mutex& mutex : mutexes) mutex.lock();
}
void unlock_all() {
  for (std::mutex& mutex : mutexes) mutex.unlock();
}

// A fork waits until no thread is inside a library: the child would find it locked, and half-way
// through a change, for ever.
[[maybe_unused]] const int at_fork = ::pthread_atfork(lock_all, unlock_all, unlock_all);

std::mutex& mutex_of(Library library) { return mutexes[static_cast<std::size_t>(library)]; }

}  // namespace

LibraryLock::LibraryLock(Library library) : library_(library) { mutex_of(library_).lock(); }
LibraryLock::~LibraryLock() { mutex_of(library_).unlock(); }

}  // namespace powerstroke::parallel
