# One file in kernels/laws/rates/ is one rates law: rosen_zener.hpp defines RosenZener. This writes the list of them; Constant
# comes first, so that a default-constructed choice is the paper's.
file(GLOB rates_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/kernels/laws/rates/*.hpp)
set(rates_includes "")
set(rates_types "")
foreach(file ${rates_files})
  get_filename_component(stem ${file} NAME_WE)
  string(REPLACE "_" ";" words ${stem})
  set(type "")
  foreach(word ${words})
    string(SUBSTRING ${word} 0 1 initial)
    string(SUBSTRING ${word} 1 -1 rest)
    string(TOUPPER ${initial} initial)
    string(APPEND type ${initial}${rest})
  endforeach()
  string(APPEND rates_includes "#include \"powerstroke/kernels/laws/rates/${stem}.hpp\"\n")
  list(APPEND rates_types ${type})
endforeach()
list(REMOVE_ITEM rates_types Constant)
list(PREPEND rates_types Constant)
list(JOIN rates_types ", " rates_types)
set(generated_include_root ${PROJECT_BINARY_DIR}/generated/include)
file(CONFIGURE OUTPUT ${generated_include_root}/powerstroke/kernels/laws/rates_list.hpp @ONLY CONTENT
"#pragma once

@rates_includes@
#define POWERSTROKE_RATES_LAWS @rates_types@
")
