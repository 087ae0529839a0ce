# One file of these folders is one law: rates/rosen_zener.hpp defines RosenZener, energies/normal.hpp NormalEnergy. This writes
# the lists of them, which is all that adding a file takes.
set(generated_include_root ${PROJECT_BINARY_DIR}/generated/include)

# powerstroke_law_list(<folder> <macro> <suffix of the types> <law that comes first, by default>)
function(powerstroke_law_list folder macro suffix first)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/kernels/laws/${folder}/*.hpp)
  set(includes "")
  set(types "")
  foreach(file ${files})
    get_filename_component(stem ${file} NAME_WE)
    string(REPLACE "_" ";" words ${stem})
    set(type "")
    foreach(word ${words})
      string(SUBSTRING ${word} 0 1 initial)
      string(SUBSTRING ${word} 1 -1 rest)
      string(TOUPPER ${initial} initial)
      string(APPEND type ${initial}${rest})
    endforeach()
    string(APPEND includes "#include \"powerstroke/kernels/laws/${folder}/${stem}.hpp\"\n")
    list(APPEND types ${type}${suffix})
  endforeach()
  list(REMOVE_ITEM types ${first})
  list(PREPEND types ${first})
  list(JOIN types ", " types)
  file(CONFIGURE OUTPUT ${generated_include_root}/powerstroke/kernels/laws/${folder}_list.hpp @ONLY CONTENT
"#pragma once

@includes@
#define @macro@ @types@
")
endfunction()

# Constant and Free come first, so that a default-constructed choice is the paper's, and no force.
powerstroke_law_list(rates POWERSTROKE_RATES_LAWS "" Constant)
powerstroke_law_list(energies POWERSTROKE_ENERGY_LAWS Energy DeltaEnergy)
powerstroke_law_list(potentials POWERSTROKE_POTENTIALS "" Free)
