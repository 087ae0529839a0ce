#pragma once

#include <cstddef>  // of glibc, if it is glibc: says so in __GLIBC__

/// The one place where vector width is chosen. A function marked so is compiled for several widths,
/// and the machine's best is picked when the program starts; all of them compute with integers and
/// give the same bits. Elsewhere (aarch64, other C libraries, compilers or sanitizers that cannot,
/// -DPOWERSTROKE_WIDE_VECTORS=OFF) the plain function stands alone.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define POWERSTROKE_SANITIZED
#endif
#elif defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define POWERSTROKE_SANITIZED
#endif

#if defined(POWERSTROKE_ONE_WIDTH) || defined(POWERSTROKE_SANITIZED) || !defined(__x86_64__) || \
    !defined(__GLIBC__) || !__has_attribute(target_clones)
#define POWERSTROKE_CLONES
#elif defined(__clang__)
#define POWERSTROKE_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define POWERSTROKE_CLONES __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#endif

/// The same for a function template, where the compiler can.
#if defined(__clang__)
#define POWERSTROKE_TEMPLATE_CLONES
#else
#define POWERSTROKE_TEMPLATE_CLONES POWERSTROKE_CLONES
#endif

/// Before a loop whose iterations neither write what another reads nor are written to by it, which
/// a compiler cannot see where they look into tables.
#if defined(__clang__)
#define POWERSTROKE_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define POWERSTROKE_INDEPENDENT _Pragma("GCC ivdep")
#endif
