# SPDX-License-Identifier: MIT
#
# What people read about the commands: docs/commands.md and atcoap help, both from
# the tables of the dialects.

# The words, and docs/deviations.md as part of them.
function(atcoap_add_manual)
    set(page ${PROJECT_SOURCE_DIR}/docs/deviations.md)
    set(embed ${PROJECT_SOURCE_DIR}/cmake/embed.cmake)
    set(made ${PROJECT_BINARY_DIR}/decisions_page.c)
    add_custom_command(
        OUTPUT ${made}
        COMMAND ${CMAKE_COMMAND}
            -DFROM=${page} -DTO=${made} -DNAME=decisions_page -P ${embed}
        DEPENDS ${page} ${embed}
        VERBATIM)
    file(GLOB sources CONFIGURE_DEPENDS
        ${PROJECT_SOURCE_DIR}/tools/manual*.c ${PROJECT_SOURCE_DIR}/tools/decisions.c)
    add_library(atcoap_manual STATIC ${sources} ${made})
    target_include_directories(atcoap_manual PUBLIC ${PROJECT_SOURCE_DIR}/tools)
    target_link_libraries(atcoap_manual
        PUBLIC libatcoap_inside atcoap_sim PRIVATE atcoap_warnings)
endfunction()

# The page, and the test that it is what the tables say.
function(atcoap_add_commands_page)
    set(page ${PROJECT_SOURCE_DIR}/docs/commands.md)
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tools/gen_commands*.c)
    add_executable(gen_commands ${sources})
    target_link_libraries(gen_commands PRIVATE atcoap_manual atcoap_warnings)
    add_custom_target(commands_page COMMAND gen_commands ${page} VERBATIM)
    if(ATCOAP_TESTS)
        add_test(NAME docs/commands_page COMMAND gen_commands --check ${page})
        set_tests_properties(docs/commands_page PROPERTIES LABELS docs TIMEOUT 60)
    endif()
endfunction()

# docs/lint.md, likewise.
function(atcoap_add_lint_page)
    set(page ${PROJECT_SOURCE_DIR}/docs/lint.md)
    add_executable(gen_lint ${PROJECT_SOURCE_DIR}/tools/gen_lint.c)
    target_link_libraries(gen_lint PRIVATE atcoap_lint atcoap_warnings)
    add_custom_target(lint_page COMMAND gen_lint ${page} VERBATIM)
    if(ATCOAP_TESTS)
        add_test(NAME docs/lint_page COMMAND gen_lint --check ${page})
        set_tests_properties(docs/lint_page PROPERTIES LABELS docs TIMEOUT 60)
    endif()
endfunction()

if(ATCOAP_HOST)
    atcoap_add_lint_page()
endif()
if(ATCOAP_HOST OR ATCOAP_TESTS)
    atcoap_add_manual()
    atcoap_add_commands_page()
endif()
