# Installs powerstroke to a temporary prefix, then builds and runs the outside project examples/embed_cpp against it.
# cmake -DSOURCE_DIR=... -DBUILD_DIR=... -DWORK_DIR=... [-DBUILD_TYPE=... -DCXX_COMPILER=... -DCXX_FLAGS=...] -P this file
include(${CMAKE_CURRENT_LIST_DIR}/installed.cmake)
# Nothing may come from the source tree: the package is searched for in the prefix alone.
run(${CMAKE_COMMAND} -S ${SOURCE_DIR}/examples/embed_cpp -B ${WORK_DIR}/build -G Ninja
  -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF
  -DCMAKE_BUILD_TYPE=${BUILD_TYPE} -DCMAKE_CXX_COMPILER=${CXX_COMPILER} -DCMAKE_CXX_FLAGS=${CXX_FLAGS})
run(${CMAKE_COMMAND} --build ${WORK_DIR}/build)
run(${WORK_DIR}/build/embed)
if(EXISTS ${prefix}/bin/powerstroke)
  run(${prefix}/bin/powerstroke --version)
endif()
