#pragma once

#include <cassert>

/// A programmer's contract, checked at the top of a function in debug builds. User errors are
/// exceptions instead.
#define POWERSTROKE_EXPECT(condition) assert(condition)
