# SPDX-License-Identifier: MIT
#
# What is tested, counted: programs write down what they tried (ATCOAP_SEEN), and the
# report holds it against the tables. script/test prints its summary.

set(seen ${PROJECT_BINARY_DIR}/seen)
file(MAKE_DIRECTORY ${seen})

add_executable(list_rows ${PROJECT_SOURCE_DIR}/tools/list_rows.c)
target_link_libraries(list_rows PRIVATE libatcoap_oracle atcoap_warnings)

# A test that plays for the report what other tests play for themselves.
function(atcoap_add_seen name)
    add_test(NAME coverage/${name} COMMAND ${ARGN})
    set_tests_properties(coverage/${name} PROPERTIES LABELS coverage TIMEOUT 300
        FIXTURES_SETUP seen ENVIRONMENT ATCOAP_SEEN=${seen}/${name}.txt)
endfunction()

atcoap_add_seen(transcripts atcoap test ${PROJECT_SOURCE_DIR}/test/transcript)
atcoap_add_seen(bounds property_bounds)
atcoap_add_seen(values property_values)
atcoap_add_seen(urc_forms property_urc_forms)
atcoap_add_seen(kept property_kept)

set(report /usr/bin/python3 ${PROJECT_SOURCE_DIR}/tools/coverage_report
    $<TARGET_FILE:list_rows> ${seen})
add_test(NAME coverage/report COMMAND ${report} --summary=${PROJECT_BINARY_DIR}/coverage.txt)
add_test(NAME coverage/self_test COMMAND ${report} --self-test)
set_tests_properties(coverage/report coverage/self_test PROPERTIES LABELS coverage TIMEOUT 60
    FIXTURES_REQUIRED seen)
