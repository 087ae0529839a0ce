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

# The configs of `powerstroke paper` are part of the program, so that an installed one finds them anywhere.
file(GLOB paper_configs CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/examples/paper/*.json ${PROJECT_SOURCE_DIR}/examples/phase_space/*.json)
set(POWERSTROKE_PAPER_CONFIGS)
foreach(config IN LISTS paper_configs)
  get_filename_component(name ${config} NAME_WE)
  if(config MATCHES "/phase_space/")
    string(PREPEND name "phase_space/")
  endif()
  file(READ ${config} text)
  string(APPEND POWERSTROKE_PAPER_CONFIGS "    {\"${name}\", R\"~~json(${text})~~json\"},\n")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${config})
endforeach()
configure_file(${PROJECT_SOURCE_DIR}/cmake/build_info.hpp.in ${build_info_dir}/build_info.hpp)
configure_file(${PROJECT_SOURCE_DIR}/cmake/embedded_texts.hpp.in ${build_info_dir}/embedded_texts.hpp @ONLY)
