#pragma once

/// The one place where vector width is chosen. A function marked so is compiled for several widths, and the machine's best
/// is picked when the program starts; all of them compute with integers and give the same bits. Elsewhere (aarch64,
/// compilers or sanitizers that cannot) the plain function stands alone.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
#define POWERSTROKE_CLONES __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define POWERSTROKE_CLONES
#endif
