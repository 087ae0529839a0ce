# One file of these folders is one thing: rates/rosen_zener.hpp defines RosenZener, energies/normal.hpp NormalEnergy,
# study/observables/phi.hpp Phi. This writes the lists of them, which is all that adding a file takes.
set(generated_include_root ${PROJECT_BINARY_DIR}/generated/include)

# powerstroke_list(<folder> <macro> <suffix of the types> <type that comes first, by default; may be empty>)
function(powerstroke_list folder macro suffix first)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.hpp)
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
    string(APPEND includes "#include \"powerstroke/${folder}/${stem}.hpp\"\n")
    list(APPEND types ${type}${suffix})
  endforeach()
  if(first)
    list(REMOVE_ITEM types ${first})
    list(PREPEND types ${first})
  endif()
  list(JOIN types ", " types)
  file(CONFIGURE OUTPUT ${generated_include_root}/powerstroke/${folder}_list.hpp @ONLY CONTENT
"#pragma once

@includes@
#define @macro@ @types@
")
endfunction()

# Constant and Free come first, so that a default-constructed choice is the paper's, and no force.
powerstroke_list(kernels/laws/rates POWERSTROKE_RATES_LAWS "" Constant)
powerstroke_list(kernels/laws/energies POWERSTROKE_ENERGY_LAWS Energy DeltaEnergy)
powerstroke_list(kernels/laws/potentials POWERSTROKE_POTENTIALS "" Free)
powerstroke_list(study/observables POWERSTROKE_OBSERVABLES "" "")

# And the objects that the sources of a folder define: report/figures/phi.cpp defines phi_figure.
# powerstroke_object_list(<folder> <namespace> <type> <macro> <suffix of the objects>)
function(powerstroke_object_list folder space type macro suffix)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  set(objects "")
  foreach(file ${files})
    get_filename_component(stem ${file} NAME_WE)
    list(APPEND objects ${stem}${suffix})
  endforeach()
  list(JOIN objects ", " objects)
  file(CONFIGURE OUTPUT ${generated_include_root}/powerstroke/${folder}_list.hpp @ONLY CONTENT
"#pragma once

namespace @space@ {
extern const @type@ @objects@;
}
#define @macro@ @objects@
")
endfunction()

powerstroke_object_list(report/figures powerstroke::report ReportFigure POWERSTROKE_FIGURES _figure)
