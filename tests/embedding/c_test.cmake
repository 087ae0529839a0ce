# Installs powerstroke to a temporary prefix and builds the examples in C11 and Fortran against it through pkg-config; the run of a
# config through the C library must have the bits of the program's.
# cmake -DSOURCE_DIR=... -DBUILD_DIR=... -DWORK_DIR=... -P this file
include(${CMAKE_CURRENT_LIST_DIR}/installed.cmake)
file(GLOB_RECURSE pc ${prefix}/*/powerstroke.pc)
get_filename_component(folder ${pc} DIRECTORY)
set(ENV{PKG_CONFIG_PATH} ${folder})
set(config ${SOURCE_DIR}/examples/thermal.json)

# Also where the program has MPI: the C library divides nothing among ranks.
file(GLOB library ${prefix}/*/libpowerstroke_c.so ${prefix}/*/*/libpowerstroke_c.so)
execute_process(COMMAND readelf -d ${library} OUTPUT_VARIABLE needed COMMAND_ERROR_IS_FATAL ANY)
if(NOT needed MATCHES "NEEDED" OR needed MATCHES "libmpi|libopen-rte")
  message(FATAL_ERROR "the C library needs MPI:\n${needed}")
endif()
foreach(example embed_c embed_fortran)
  file(COPY ${SOURCE_DIR}/examples/${example} DESTINATION ${WORK_DIR})
  run(make -C ${WORK_DIR}/${example})
endforeach()
run(${WORK_DIR}/embed_c/embed ${config} ${WORK_DIR}/by_c)
run(${WORK_DIR}/embed_fortran/embed ${config})
run(${prefix}/bin/powerstroke run ${config} -o ${WORK_DIR}/by_program --quiet)
run(${SOURCE_DIR}/tests/support/same_data.py ${WORK_DIR}/by_c ${WORK_DIR}/by_program)
