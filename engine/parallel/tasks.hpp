#pragma once

#include <cstddef>
#include <functional>

namespace powerstroke::parallel {

/// Calls body(task) for each task of [0, tasks), `at_once` of them side by side, in the order of
/// their numbers as threads become free. With more than one at once each task has one thread
/// (`threads()` is 1 in it); otherwise it has all. The first exception of a body is thrown here,
/// after the tasks that were under way; later ones are left out.
void for_each_task(std::size_t tasks, int at_once,
                   const std::function<void(std::size_t task)>& body);

/// How many of `tasks` equal tasks to work off at once, so that all are done soonest, if `useful`
/// threads are as many as one task can keep busy: all threads, with one for each task, or 1.
int tasks_at_once(std::size_t tasks, int useful);

}  // namespace powerstroke::parallel
