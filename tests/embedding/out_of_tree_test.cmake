# Installs powerstroke to a temporary prefix, then builds the kernel of examples/out_of_tree_kernel against it and runs its tests.
# cmake -DSOURCE_DIR=... -DBUILD_DIR=... -DWORK_DIR=... [-DBUILD_TYPE=... -DCXX_COMPILER=... -DCXX_FLAGS=...] -P this file
include(${CMAKE_CURRENT_LIST_DIR}/installed.cmake)
# A copy, so that no file of the source tree is in reach by a relative path.
file(COPY ${SOURCE_DIR}/examples/out_of_tree_kernel DESTINATION ${WORK_DIR})
run(${CMAKE_COMMAND} -S ${WORK_DIR}/out_of_tree_kernel -B ${WORK_DIR}/build -G Ninja
  -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF
  -DCMAKE_BUILD_TYPE=${BUILD_TYPE} -DCMAKE_CXX_COMPILER=${CXX_COMPILER} -DCMAKE_CXX_FLAGS=${CXX_FLAGS})
run(${CMAKE_COMMAND} --build ${WORK_DIR}/build)
run(${CMAKE_CTEST_COMMAND} --test-dir ${WORK_DIR}/build --output-on-failure --no-tests=error)
