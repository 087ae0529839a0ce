# Installs powerstroke to a temporary prefix, then builds and runs an outside project against it: examples/embed_cpp, or with
# -DEXAMPLE=embed_study the one that links powerstroke::study alone.
# cmake -DSOURCE_DIR=... -DBUILD_DIR=... -DWORK_DIR=... [-DBUILD_TYPE=... -DCXX_COMPILER=... -DCXX_FLAGS=...] -P this file
if(NOT EXAMPLE)
  set(EXAMPLE embed_cpp)
endif()
include(${CMAKE_CURRENT_LIST_DIR}/installed.cmake)
# Nothing may come from the source tree: the package is searched for in the prefix alone.
run(${CMAKE_COMMAND} -S ${SOURCE_DIR}/examples/${EXAMPLE} -B ${WORK_DIR}/build -G Ninja
  -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF
  -DCMAKE_BUILD_TYPE=${BUILD_TYPE} -DCMAKE_CXX_COMPILER=${CXX_COMPILER} -DCMAKE_CXX_FLAGS=${CXX_FLAGS})
run(${CMAKE_COMMAND} --build ${WORK_DIR}/build)
if(EXAMPLE STREQUAL "embed_study")
  set(program ${WORK_DIR}/build/embed_study)
  execute_process(COMMAND readelf -d ${program} OUTPUT_VARIABLE needed COMMAND_ERROR_IS_FATAL ANY)
  if(NOT needed MATCHES "NEEDED" OR needed MATCHES "hdf5|udunits|json|libmpi|libopen-rte")
    message(FATAL_ERROR "a study needs a library that it should not:\n${needed}")
  endif()
else()
  set(program ${WORK_DIR}/build/embed)
endif()
run(${program})
if(EXISTS ${prefix}/bin/powerstroke)
  run(${prefix}/bin/powerstroke --version)
endif()
