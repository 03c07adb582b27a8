# SPDX-License-Identifier: MIT
#
# What script/bench and tools/check_guards run: programs of test/bench beside Debian's libcoap and
# bare sockets. Built with the preset bench, which compiles all at -O2, as the packages of the peers
# are.

set(bench ${PROJECT_SOURCE_DIR}/test/bench)

find_package(PkgConfig REQUIRED)
pkg_check_modules(BENCH_COAP IMPORTED_TARGET libcoap-3-notls)
if(NOT BENCH_COAP_FOUND)
    message(FATAL_ERROR "The benchmarks need libcoap: apt-get install libcoap3-dev")
endif()

# One program: bench_<name> from <name>.c and the libraries behind it.
function(atcoap_add_bench name)
    add_executable(bench_${name} ${bench}/${name}.c ${PROJECT_SOURCE_DIR}/test/support/abort.c)
    target_compile_definitions(bench_${name} PRIVATE _GNU_SOURCE)
    target_link_libraries(bench_${name} PRIVATE ${ARGN} atcoap_bench_common atcoap_warnings)
endfunction()

# What several of them share.
add_library(atcoap_bench_common STATIC ${bench}/load.c ${bench}/score.c)
target_include_directories(atcoap_bench_common PUBLIC ${bench})
target_compile_definitions(atcoap_bench_common PRIVATE _GNU_SOURCE)
target_link_libraries(atcoap_bench_common PRIVATE atcoap_warnings)

# The modem without a world around it.
add_library(atcoap_bench_desk STATIC ${bench}/desk.c)
target_link_libraries(atcoap_bench_desk
    PUBLIC libatcoap atcoap_bench_common PRIVATE atcoap_warnings)

atcoap_add_bench(codec libatcoap_inside)
atcoap_add_bench(codec_libcoap PkgConfig::BENCH_COAP)
atcoap_add_bench(at atcoap_bench_desk)
atcoap_add_bench(floor)
atcoap_add_bench(libcoap PkgConfig::BENCH_COAP)
atcoap_add_bench(shell atcoap_bench_desk)

# Modems as small as a constrained product has them, so that a hundred thousand fit a machine: the limits
# of docs/porting.md, section 3.
file(STRINGS ${PROJECT_SOURCE_DIR}/docs/porting.md small REGEX "^[|] small: ")
string(REGEX MATCHALL "[A-Z_]+=[0-9]+" small "${small}")
list(TRANSFORM small PREPEND ATC_)
atcoap_add_core(atcoap_bench_core ${small})
atcoap_add_sim(atcoap_bench_sim atcoap_bench_core)
atcoap_add_bench(world atcoap_bench_sim)

if(ATCOAP_HOST)
    atcoap_add_bench(fleet atcoap_fleet)
    atcoap_add_fleet(atcoap_bench_fleet atcoap_bench_core)
    add_executable(bench_fleet_small
        ${bench}/fleet.c ${PROJECT_SOURCE_DIR}/test/support/abort.c)
    target_compile_definitions(bench_fleet_small PRIVATE _GNU_SOURCE)
    target_link_libraries(bench_fleet_small PRIVATE
        atcoap_bench_fleet atcoap_bench_common atcoap_warnings)
    atcoap_add_bench(dtls atcoap_security)
    target_sources(bench_dtls PRIVATE ${PROJECT_SOURCE_DIR}/test/support/dtls_server.c)
    target_include_directories(bench_dtls PRIVATE
        ${PROJECT_SOURCE_DIR}/test/support ${PROJECT_SOURCE_DIR}/test/oracle)
endif()
atcoap_add_bench(pty)
