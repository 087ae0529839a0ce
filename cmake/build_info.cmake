# Provenance of a result: which source, which compiler.
execute_process(COMMAND git describe --always --dirty --abbrev=12
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE POWERSTROKE_REVISION
  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT POWERSTROKE_REVISION)
  set(POWERSTROKE_REVISION "unknown")
endif()
set(build_info_dir ${PROJECT_BINARY_DIR}/generated)
file(READ ${PROJECT_SOURCE_DIR}/io/config/config.schema.json POWERSTROKE_CONFIG_SCHEMA)
file(READ ${PROJECT_SOURCE_DIR}/io/config/config.template.json POWERSTROKE_CONFIG_TEMPLATE)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS io/config/config.schema.json io/config/config.template.json)
configure_file(${PROJECT_SOURCE_DIR}/cmake/build_info.hpp.in ${build_info_dir}/build_info.hpp)
configure_file(${PROJECT_SOURCE_DIR}/cmake/embedded_texts.hpp.in ${build_info_dir}/embedded_texts.hpp @ONLY)
