# Installs powerstroke to a temporary prefix and builds the examples in C11 and Fortran against it through pkg-config; the run of a
# config through the C library must have the bits of the program's.
# cmake -DSOURCE_DIR=... -DBUILD_DIR=... -DWORK_DIR=... -P this file
include(${CMAKE_CURRENT_LIST_DIR}/installed.cmake)
file(GLOB_RECURSE pc ${prefix}/*/powerstroke.pc)
get_filename_component(folder ${pc} DIRECTORY)
set(ENV{PKG_CONFIG_PATH} ${folder})
set(config ${SOURCE_DIR}/examples/thermal.json)
foreach(example embed_c embed_fortran)
  file(COPY ${SOURCE_DIR}/examples/${example} DESTINATION ${WORK_DIR})
  run(make -C ${WORK_DIR}/${example})
endforeach()
run(${WORK_DIR}/embed_c/embed ${config} ${WORK_DIR}/by_c)
run(${WORK_DIR}/embed_fortran/embed ${config})
run(${prefix}/bin/powerstroke run ${config} -o ${WORK_DIR}/by_program --quiet)
run(${SOURCE_DIR}/tests/support/same_data.py ${WORK_DIR}/by_c ${WORK_DIR}/by_program)
