# cmake --install puts the library and its public headers where find_package(powerstroke) finds them.
include(CMakePackageConfigHelpers)
install(TARGETS powerstroke powerstroke_ranks EXPORT powerstrokeTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
set(public_modules engine kernels analysis)
if(TARGET powerstroke_study)
  install(TARGETS powerstroke_study EXPORT powerstrokeTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  list(APPEND public_modules study)
endif()
install(DIRECTORY ${public_modules} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/powerstroke FILES_MATCHING PATTERN "*.hpp")
install(DIRECTORY ${generated_include_root}/powerstroke DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/powerstroke)
install(EXPORT powerstrokeTargets NAMESPACE powerstroke:: DESTINATION ${package_dir})
configure_package_config_file(cmake/powerstrokeConfig.cmake.in ${PROJECT_BINARY_DIR}/powerstrokeConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/powerstrokeConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/powerstrokeConfig.cmake ${PROJECT_BINARY_DIR}/powerstrokeConfigVersion.cmake
  DESTINATION ${package_dir})
