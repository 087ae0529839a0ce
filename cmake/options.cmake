# How every target of this project is compiled; never exported to those who link to it.
add_library(powerstroke_options INTERFACE)
# No fused multiply-add behind our back: the same source gives the same bits on every machine.
target_compile_options(powerstroke_options INTERFACE -ffp-contract=off
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast -Wdouble-promotion)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  # Sees overlaps in std::string's operator+ that are not there (GCC bug 105651).
  target_compile_options(powerstroke_options INTERFACE -Wno-restrict)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_FLAGS MATCHES "-fsanitize=")
  # What the sanitizers put in hides from GCC that std::regex's parts are set (GCC's manual warns of it).
  target_compile_options(powerstroke_options INTERFACE -Wno-maybe-uninitialized)
endif()
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=" OR CMAKE_BUILD_TYPE STREQUAL "Debug")
  # The library's own checks: an optional that is empty or an index past the end is said, not read.
  target_compile_definitions(powerstroke_options INTERFACE _GLIBCXX_ASSERTIONS)
endif()
if(POWERSTROKE_WERROR)
  target_compile_options(powerstroke_options INTERFACE -Werror)
endif()
if(NOT POWERSTROKE_WIDE_VECTORS)
  target_compile_definitions(powerstroke_options INTERFACE POWERSTROKE_ONE_WIDTH)
endif()
