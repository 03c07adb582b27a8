# SPDX-License-Identifier: MIT
#
# What cmake --install puts where, the Debian package of the same, and the manual.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
include(${CMAKE_CURRENT_LIST_DIR}/manual.cmake)

add_library(atcoap::atcoap ALIAS libatcoap)

# A project that takes us in with add_subdirectory() installs what it likes itself.
if(NOT CMAKE_SOURCE_DIR STREQUAL PROJECT_SOURCE_DIR)
    return()
endif()

# --- the library -------------------------------------------------------------

set_target_properties(libatcoap PROPERTIES
    EXPORT_NAME atcoap
    INTERFACE_INCLUDE_DIRECTORIES
        "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>;$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
install(TARGETS libatcoap EXPORT atcoap ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/atcoap DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.h")

# CMake finds it: find_package(atcoap), target atcoap::atcoap.
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/atcoap)
install(EXPORT atcoap NAMESPACE atcoap:: FILE atcoapTargets.cmake DESTINATION ${package})
configure_package_config_file(cmake/atcoapConfig.cmake.in
    ${PROJECT_BINARY_DIR}/atcoapConfig.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/atcoapConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES
    ${PROJECT_BINARY_DIR}/atcoapConfig.cmake
    ${PROJECT_BINARY_DIR}/atcoapConfigVersion.cmake
    DESTINATION ${package})

# pkg-config finds it, with the limits that the library was built with.
get_target_property(limits libatcoap INTERFACE_COMPILE_DEFINITIONS)
list(TRANSFORM limits PREPEND "-D")
list(JOIN limits " " limits)
file(RELATIVE_PATH to_prefix
    /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/atcoap.pc.in ${PROJECT_BINARY_DIR}/atcoap.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/atcoap.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# --- the program and the documents -------------------------------------------

if(ATCOAP_HOST)
    target_link_libraries(atcoap PRIVATE atcoap_manual)
    install(TARGETS atcoap RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    install(FILES docs/atcoap.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
    install(FILES completion/atcoap
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
endif()
install(FILES README.md CHANGELOG.md DESIGN.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR}
    FILES_MATCHING PATTERN "*.md")
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DOCDIR}
    PATTERN __pycache__ EXCLUDE PATTERN .pytest_cache EXCLUDE)

# --- the Debian package: cpack -G DEB -----------------------------------------

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME atcoap)
set(CPACK_PACKAGE_VENDOR "The atcoap authors")
set(CPACK_PACKAGE_CONTACT "The atcoap authors <atcoap@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "CoAP modem in software, with the AT commands of Quectel's BC95-G, BC68 and BG96")
set(CPACK_PACKAGE_DESCRIPTION
"A program or a microcontroller that was written for one of these modules opens
a serial port and is answered by a virtual one; the CoAP behind it is real, over
UDP or DTLS. Contains the program and the library libatcoap for firmware and
gateways: C11, no heap, no I/O.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "pkg-config, cmake, libcoap3-bin")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_SOURCE_GENERATOR TGZ)
include(CPack)

# --- tests -------------------------------------------------------------------

# Each file of test/install is a test: program, build folder, compiler, flags.
if(ATCOAP_TESTS AND ATCOAP_HOST)
    file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/test/install/*.py)
    list(FILTER files EXCLUDE REGEX "/installed[.]py$")
    foreach(file ${files})
        get_filename_component(name ${file} NAME_WE)
        add_test(NAME install/${name} COMMAND /usr/bin/python3 ${file}
            $<TARGET_FILE:atcoap> ${PROJECT_BINARY_DIR} ${CMAKE_C_COMPILER}
            ${CMAKE_C_FLAGS})
        set_tests_properties(install/${name} PROPERTIES LABELS install TIMEOUT 300)
    endforeach()
endif()
