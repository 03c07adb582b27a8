# SPDX-License-Identifier: MIT
#
# A test is a file: a further one is found by its place and needs no line here.

set(tests ${PROJECT_SOURCE_DIR}/test)

# What the core calls when it finds a mistake of its own: in a test, abort. Linked
# behind the core, so that a test may have a hook of its own.
add_library(atcoap_abort STATIC ${tests}/support/abort.c)
target_link_libraries(atcoap_abort PRIVATE atcoap_warnings)

# The second decoder that the codec of a core is held against.
function(atcoap_add_oracle core)
    file(GLOB sources CONFIGURE_DEPENDS ${tests}/oracle/*.c)
    add_library(${core}_oracle STATIC ${sources})
    target_include_directories(${core}_oracle PUBLIC ${tests}/oracle)
    target_link_libraries(${core}_oracle
        PUBLIC ${core}_inside atcoap_abort PRIVATE atcoap_warnings)
endfunction()

# Each file of a folder is a program and a test, <label>/<name>, against the
# given core.
function(atcoap_add_tests label folder core)
    file(GLOB sources CONFIGURE_DEPENDS ${tests}/${folder}/*.c)
    list(FILTER sources EXCLUDE REGEX "/test_(dtls|record|resolve|lint|fleet|entropy)[^/]*[.]c$")
    foreach(source ${sources})
        get_filename_component(name ${source} NAME_WE)
        set(program ${label}_${name})
        add_executable(${program} ${source})
        set_target_properties(${program} PROPERTIES
            RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test)
        target_compile_definitions(${program} PRIVATE TEST_DIR="${tests}")
        target_link_libraries(${program} PRIVATE
            ${ARGN} ${core}_oracle atcoap_warnings PkgConfig::CMOCKA)
        add_test(NAME ${label}/${name} COMMAND ${program})
        set_tests_properties(${label}/${name} PROPERTIES LABELS ${label} TIMEOUT 300)
    endforeach()
endfunction()

# The tests of the program's DTLS, unit/test_dtls*.
function(atcoap_add_security_tests)
    file(GLOB sources CONFIGURE_DEPENDS ${tests}/unit/test_dtls*.c)
    file(GLOB support CONFIGURE_DEPENDS
        ${tests}/support/dtls_*.c ${tests}/support/plain_*.c)
    foreach(source ${sources})
        get_filename_component(name ${source} NAME_WE)
        set(program unit_${name})
        add_executable(${program} ${source} ${support})
        set_target_properties(${program} PROPERTIES
            RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test)
        target_include_directories(${program} PRIVATE ${tests}/support)
        target_link_libraries(${program} PRIVATE
            atcoap_security libatcoap_oracle atcoap_warnings PkgConfig::CMOCKA)
        add_test(NAME unit/${name} COMMAND ${program})
        set_tests_properties(unit/${name} PROPERTIES LABELS unit TIMEOUT 300)
    endforeach()
endfunction()

# Those of what records a run, unit/test_record*.
function(atcoap_add_record_tests)
    file(GLOB sources CONFIGURE_DEPENDS ${tests}/unit/test_record*.c)
    foreach(source ${sources})
        get_filename_component(name ${source} NAME_WE)
        set(program unit_${name})
        add_executable(${program} ${source})
        set_target_properties(${program} PROPERTIES
            RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test)
        target_link_libraries(${program} PRIVATE
            atcoap_record libatcoap_oracle atcoap_warnings PkgConfig::CMOCKA)
        target_compile_definitions(${program} PRIVATE _GNU_SOURCE)
        add_test(NAME unit/${name} COMMAND ${program})
        set_tests_properties(unit/${name} PROPERTIES LABELS unit TIMEOUT 300)
    endforeach()
endfunction()

# The test of the program's look-ups, unit/test_resolve: two functions of libuv are the
# test's own.
function(atcoap_add_resolve_test)
    pkg_check_modules(TEST_UV REQUIRED IMPORTED_TARGET libuv)
    set(host ${PROJECT_SOURCE_DIR}/host)
    add_executable(unit_test_resolve
        ${tests}/unit/test_resolve.c ${host}/resolve.c ${host}/addr.c)
    set_target_properties(unit_test_resolve PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test)
    target_compile_definitions(unit_test_resolve PRIVATE _GNU_SOURCE)
    target_include_directories(unit_test_resolve PRIVATE ${host})
    target_link_libraries(unit_test_resolve PRIVATE libatcoap libatcoap_oracle
        atcoap_warnings PkgConfig::TEST_UV PkgConfig::CMOCKA)
    add_test(NAME unit/test_resolve COMMAND unit_test_resolve)
    set_tests_properties(unit/test_resolve PROPERTIES LABELS unit TIMEOUT 60)
endfunction()

# Those of many modems in one process, unit/test_fleet*, unit/test_entropy, and the hosts of interop/fleet.
function(atcoap_add_fleet_tests)
    file(GLOB sources CONFIGURE_DEPENDS
        ${tests}/unit/test_fleet*.c ${tests}/unit/test_entropy.c)
    foreach(source ${sources})
        get_filename_component(name ${source} NAME_WE)
        add_executable(unit_${name} ${source})
        set_target_properties(unit_${name} PROPERTIES
            RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test)
        target_compile_definitions(unit_${name} PRIVATE _GNU_SOURCE)
        target_link_libraries(unit_${name} PRIVATE
            atcoap_fleet libatcoap_oracle atcoap_warnings PkgConfig::CMOCKA)
        add_test(NAME unit/${name} COMMAND unit_${name})
        set_tests_properties(unit/${name} PROPERTIES LABELS unit TIMEOUT 60)
    endforeach()
    add_executable(fleet_drive ${tests}/support/fleet_drive.c)
    set_target_properties(fleet_drive PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test)
    target_link_libraries(fleet_drive PRIVATE atcoap_fleet libatcoap_oracle atcoap_warnings)
endfunction()

# The tests of the lint of the host, unit/test_lint*. The examples of both notes, as a host types
# them, give it nothing to say but what their headers name.
function(atcoap_add_lint_tests)
    file(GLOB sources CONFIGURE_DEPENDS ${tests}/unit/test_lint*.c)
    foreach(source ${sources})
        get_filename_component(name ${source} NAME_WE)
        add_executable(unit_${name} ${source})
        set_target_properties(unit_${name} PROPERTIES
            RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test)
        target_compile_definitions(unit_${name} PRIVATE
            _POSIX_C_SOURCE=200809L TEST_DIR="${tests}" DOCS_DIR="${PROJECT_SOURCE_DIR}/docs")
        target_link_libraries(unit_${name} PRIVATE
            atcoap_lint libatcoap_oracle atcoap_warnings PkgConfig::CMOCKA)
        add_test(NAME unit/${name} COMMAND unit_${name})
        set_tests_properties(unit/${name} PROPERTIES LABELS unit TIMEOUT 60)
    endforeach()
    file(GLOB examples ${tests}/transcript/bc95/5*.txt ${tests}/transcript/bg96/5*session*.txt)
    add_test(NAME lint/examples_of_the_notes COMMAND atcoap test --strict ${examples})
    set_tests_properties(lint/examples_of_the_notes PROPERTIES LABELS lint TIMEOUT 60)
endfunction()

function(atcoap_add_transcripts)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS
        ${tests}/transcript/*.txt ${tests}/regress/*.txt)
    foreach(file ${files})
        file(RELATIVE_PATH name ${tests} ${file})
        string(REGEX REPLACE "[.]txt$" "" name ${name})
        add_test(NAME ${name} COMMAND atcoap test ${file})
        set_tests_properties(${name} PROPERTIES LABELS transcript TIMEOUT 60)
    endforeach()
endfunction()

# docs/deviations.md against the program and the tests.
function(atcoap_add_decisions)
    set(check ${PROJECT_SOURCE_DIR}/tools/check_decisions)
    add_test(NAME docs/decisions COMMAND ${check} $<TARGET_FILE:atcoap>)
    add_test(NAME docs/decisions_self_test COMMAND ${check} --self-test)
    # What docs/proof.md takes for granted.
    add_test(NAME docs/scripts COMMAND ${PROJECT_SOURCE_DIR}/script/usage --check)
    add_test(NAME docs/proof COMMAND ${PROJECT_SOURCE_DIR}/tools/check_proof)
    set_tests_properties(docs/decisions docs/decisions_self_test docs/proof PROPERTIES
        LABELS docs TIMEOUT 60)
endfunction()

# Hosts in the manner of field drivers, test/hosts: interop/host_*.py runs them.
function(atcoap_add_hosts)
    file(GLOB sources CONFIGURE_DEPENDS ${tests}/hosts/*.c)
    foreach(source ${sources})
        get_filename_component(name ${source} NAME_WE)
        add_executable(host_${name} ${source})
        set_target_properties(host_${name} PROPERTIES
            RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test)
        target_link_libraries(host_${name} PRIVATE atcoap_warnings)
    endforeach()
endfunction()

# docs/conformance.md against the tests it is made from.
function(atcoap_add_conformance)
    set(check ${PROJECT_SOURCE_DIR}/tools/conformance)
    add_test(NAME docs/conformance COMMAND ${check} $<TARGET_FILE:atcoap>)
    add_test(NAME docs/conformance_self_test COMMAND ${check} --self-test)
    set_tests_properties(docs/conformance docs/conformance_self_test PROPERTIES
        LABELS docs TIMEOUT 60)
endfunction()

function(atcoap_add_interop)
    file(GLOB files CONFIGURE_DEPENDS ${tests}/interop/*.py)
    list(FILTER files EXCLUDE REGEX "/(harness|modules|hosting)[.]py$")
    foreach(file ${files})
        get_filename_component(name ${file} NAME_WE)
        add_test(NAME interop/${name}
            COMMAND /usr/bin/python3 ${file} $<TARGET_FILE:atcoap>)
        # They wait more than they compute, so they are started first.
        set_tests_properties(interop/${name} PROPERTIES LABELS interop COST 100 TIMEOUT 300)
    endforeach()
endfunction()

# The long simulations, test/simulate: the tests play a sample, script/simulate all of it.
function(atcoap_add_simulations)
    file(GLOB support CONFIGURE_DEPENDS
        ${tests}/support/dtls_server.c ${tests}/simulate/lab.c)
    foreach(name matrix soak flood faults)
        add_executable(simulate_${name} ${tests}/simulate/${name}.c ${support})
        set_target_properties(simulate_${name} PROPERTIES
            RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test)
        target_include_directories(simulate_${name} PRIVATE ${tests}/support)
        target_link_libraries(simulate_${name} PRIVATE
            atcoap_sim atcoap_security libatcoap_oracle atcoap_warnings PkgConfig::CMOCKA m)
        add_test(NAME simulate/${name} COMMAND simulate_${name})
        set_tests_properties(simulate/${name} PROPERTIES LABELS simulate TIMEOUT 600)
    endforeach()
    # Slots of the core's tables fail there too.
    target_link_options(simulate_faults PRIVATE
        -Wl,--wrap=atc_pool_take -Wl,--wrap=atc_pool_room_without
        -Wl,--wrap=atc_exchange_can_take)
    # What plays transcripts is part of the program.
    set(player script_frame.c script_parse.c script_play.c script_radio.c script_seen.c
        script_target.c script_world.c verb.c dialects.c)
    list(TRANSFORM player PREPEND ${PROJECT_SOURCE_DIR}/host/)
    add_executable(simulate_cut ${tests}/simulate/cut.c ${player})
    set_target_properties(simulate_cut PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test)
    target_compile_definitions(simulate_cut PRIVATE _GNU_SOURCE)
    target_link_libraries(simulate_cut PRIVATE
        atcoap_record libatcoap_oracle atcoap_warnings)
    add_test(NAME simulate/cut COMMAND simulate_cut ${tests}/transcript ${tests}/regress)
    set_tests_properties(simulate/cut PROPERTIES LABELS simulate TIMEOUT 600)
endfunction()

# The codec on every short datagram; script/exhaust does all there are.
function(atcoap_add_exhaustion)
    add_executable(simulate_every_datagram ${tests}/simulate/every_datagram.c)
    set_target_properties(simulate_every_datagram PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test)
    target_link_libraries(simulate_every_datagram PRIVATE libatcoap_oracle atcoap_warnings)
    set(step 4096)
    if(CMAKE_BUILD_TYPE STREQUAL Release)
        set(step 16)
    endif()
    add_test(NAME simulate/every_datagram COMMAND simulate_every_datagram ${step})
    set_tests_properties(simulate/every_datagram PROPERTIES LABELS simulate TIMEOUT 600)
endfunction()

# The fuzz targets, test/fuzz. Those called host_* feed what the program reads.
set(fuzz_host addr.c config.c escape.c ladder_read.c ladder_rows.c ladder_svg.c ladder_text.c
    options.c script_frame.c script_parse.c script_play.c script_radio.c script_seen.c
    script_target.c script_world.c verb.c dialects.c)
list(TRANSFORM fuzz_host PREPEND ${PROJECT_SOURCE_DIR}/host/)

# fuzz_<name> with the given main: libFuzzer's, or one that feeds files.
function(atcoap_add_fuzz_target name)
    add_executable(fuzz_${name} ${tests}/fuzz/${name}.c)
    set_target_properties(fuzz_${name} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test)
    if(name MATCHES "^host_")
        # The program's libraries bring the core behind the hook's library.
        target_sources(fuzz_${name} PRIVATE ${tests}/support/abort.c)
        target_link_libraries(fuzz_${name} PRIVATE fuzz_host)
    endif()
    target_link_libraries(fuzz_${name} PRIVATE
        ${ARGN} atcoap_sim libatcoap_oracle atcoap_warnings)
endfunction()

function(atcoap_fuzz_names out)
    find_package(PkgConfig)
    file(GLOB sources CONFIGURE_DEPENDS ${tests}/fuzz/*.c)
    set(names)
    foreach(source ${sources})
        get_filename_component(name ${source} NAME_WE)
        if(ATCOAP_HOST OR NOT name MATCHES "^host_")
            list(APPEND names ${name})
        endif()
    endforeach()
    set(${out} ${names} PARENT_SCOPE)
    if(ATCOAP_HOST)
        pkg_check_modules(FUZZ_INIH REQUIRED IMPORTED_TARGET inih)
        add_library(fuzz_host STATIC ${fuzz_host}
            ${tests}/support/dtls_pair.c ${tests}/support/dtls_server.c)
        target_include_directories(fuzz_host PUBLIC ${tests}/support)
        target_compile_definitions(fuzz_host PUBLIC _GNU_SOURCE)
        target_link_libraries(fuzz_host
            PUBLIC atcoap_record atcoap_security libatcoap_oracle PkgConfig::FUZZ_INIH
            PRIVATE atcoap_warnings)
    endif()
endfunction()

# How many inputs a test run tries, in thousands: what fits in the time that .ci/run has for it.
# script/fuzz does more. All but these: ATCOAP_FUZZ_RUNS.
set(fuzz_thousands_pdu 5000)
set(fuzz_thousands_encode 500)
set(fuzz_thousands_value 500)
set(fuzz_thousands_lex 200)
set(fuzz_thousands_at 300)
set(fuzz_thousands_engine 200)
set(fuzz_thousands_host_verb 300)
set(fuzz_thousands_host_transcript 30)
set(fuzz_thousands_host_dtls 30)

# Without the random places of memory, where the system lets it: the fuzzer learns from the values that
# are compared, and addresses are among them.
set(fuzz_still
    sh -c "setarch -R true 2>/dev/null && exec setarch -R \"$0\" \"$@\" || exec \"$0\" \"$@\"")

# The same binary tries the same inputs each time: the seed, the count and the order of the corpus
# are fixed, and nothing is kept from one run to the next.
function(atcoap_add_fuzz)
    atcoap_fuzz_names(names)
    foreach(name ${names})
        atcoap_add_fuzz_target(${name} -fsanitize=fuzzer)
        set(runs ${ATCOAP_FUZZ_RUNS})
        if(DEFINED fuzz_thousands_${name})
            math(EXPR runs "1000 * ${fuzz_thousands_${name}}")
        endif()
        set(len 512)
        if(name MATCHES "^host_")
            set(len 3000)
        endif()
        file(GLOB corpus CONFIGURE_DEPENDS ${tests}/fuzz/corpus/${name}/*)
        list(JOIN corpus "," corpus)
        set(list ${PROJECT_BINARY_DIR}/corpus/${name}.txt)
        file(WRITE ${list} "${corpus}")
        add_test(NAME fuzz/${name} COMMAND ${fuzz_still} $<TARGET_FILE:fuzz_${name}>
            -seed=1 -runs=${runs} -max_len=${len} -reload=0
            -timeout=60 -print_final_stats=1 -verbosity=0
            -artifact_prefix=${PROJECT_BINARY_DIR}/${name}- -seed_inputs=@${list})
        set_tests_properties(fuzz/${name} PROPERTIES LABELS fuzz TIMEOUT 1200)
    endforeach()
endfunction()

# What the fuzzers found worth keeping, fed once: with every compiler and sanitizer.
function(atcoap_add_corpora)
    add_library(atcoap_replay OBJECT ${tests}/support/replay.c)
    target_link_libraries(atcoap_replay PRIVATE atcoap_warnings)
    target_compile_definitions(atcoap_replay PRIVATE _POSIX_C_SOURCE=200809L)
    atcoap_fuzz_names(names)
    foreach(name ${names})
        atcoap_add_fuzz_target(${name} atcoap_replay)
        add_test(NAME corpus/${name} COMMAND fuzz_${name} ${tests}/fuzz/corpus/${name})
        set_tests_properties(corpus/${name} PROPERTIES LABELS corpus TIMEOUT 300)
    endforeach()
endfunction()

atcoap_add_oracle(libatcoap)

if(ATCOAP_FUZZ)
    atcoap_add_fuzz()
endif()

if(ATCOAP_TESTS)
    find_package(PkgConfig)
    if(PkgConfig_FOUND)
        pkg_check_modules(CMOCKA IMPORTED_TARGET cmocka)
    endif()
    if(NOT CMOCKA_FOUND)
        message(FATAL_ERROR "The tests need cmocka: apt-get install pkg-config "
            "libcmocka-dev, or build without them with -DATCOAP_TESTS=OFF")
    endif()

    atcoap_add_tests(unit unit libatcoap)
    atcoap_add_tests(property property libatcoap)
    atcoap_add_tests(rfc rfc libatcoap)
    atcoap_add_tests(sim sim libatcoap atcoap_sim)
    atcoap_add_exhaustion()
    if(NOT ATCOAP_FUZZ)
        atcoap_add_corpora()
    endif()

    # The same unit tests with the limits of config.h as firmware has them.
    atcoap_add_core(atcoap_small)
    atcoap_add_oracle(atcoap_small)
    atcoap_add_tests(small unit atcoap_small)

    if(ATCOAP_HOST)
        atcoap_add_security_tests()
        atcoap_add_lint_tests()
        atcoap_add_record_tests()
        atcoap_add_resolve_test()
        atcoap_add_fleet_tests()
        atcoap_add_simulations()
        atcoap_add_transcripts()
        atcoap_add_decisions()
        atcoap_add_hosts()
        atcoap_add_conformance()
        atcoap_add_interop()
    endif()
endif()
