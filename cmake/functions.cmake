# SPDX-License-Identifier: MIT
#
# How the parts of the project become targets. The folders of src are targets of
# their own, each with its own include directory: an include that the layering
# forbids is not found.

add_library(atcoap_warnings INTERFACE)
target_compile_options(atcoap_warnings INTERFACE
    -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes
    -Wmissing-prototypes -Werror)

# One folder of src: target <core>_<folder>, which sees itself, the folders named
# behind it and include/.
function(atcoap_add_folder core folder)
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${folder}/*.c)
    set(places ${PROJECT_SOURCE_DIR}/include)
    foreach(seen ${folder} ${ARGN})
        list(APPEND places ${PROJECT_SOURCE_DIR}/src/${seen})
    endforeach()
    add_library(${core}_${folder} OBJECT ${sources})
    target_include_directories(${core}_${folder} PRIVATE ${places})
    target_link_libraries(${core}_${folder} PRIVATE atcoap_warnings)
    target_compile_definitions(${core}_${folder} PRIVATE ${${core}_LIMITS})
    # gcc knows a strlen() when it sees one, and the core shall not call it.
    target_compile_options(${core}_${folder} PRIVATE
        $<$<C_COMPILER_ID:GNU>:-fno-tree-loop-distribute-patterns>)
endfunction()

# SHARED is for script/mutate, which puts single objects in front of the library.
set(ATCOAP_CORE_KIND STATIC CACHE STRING "What kind of library the core becomes: STATIC or SHARED")

# A library of the whole core under the given limits, NAME=VALUE. Also
# <core>_inside, for tests that look at the parts.
function(atcoap_add_core core)
    set(${core}_LIMITS ${ARGN})
    atcoap_add_folder(${core} base)
    atcoap_add_folder(${core} at base)
    atcoap_add_folder(${core} coap base)
    atcoap_add_folder(${core} modem base at coap)

    set(objects)
    set(folders)
    foreach(folder base at coap modem)
        list(APPEND objects $<TARGET_OBJECTS:${core}_${folder}>)
        list(APPEND folders ${PROJECT_SOURCE_DIR}/src/${folder})
    endforeach()
    add_library(${core} ${ATCOAP_CORE_KIND} ${objects})
    set_target_properties(${core} PROPERTIES LINKER_LANGUAGE C)
    target_include_directories(${core} PUBLIC ${PROJECT_SOURCE_DIR}/include)
    target_compile_definitions(${core} PUBLIC ${ARGN})

    add_library(${core}_inside INTERFACE)
    target_link_libraries(${core}_inside INTERFACE ${core})
    target_include_directories(${core}_inside INTERFACE ${folders})
endfunction()

# The virtual world, which sees the public header alone.
function(atcoap_add_sim sim core)
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/sim/*.c)
    add_library(${sim} STATIC ${sources})
    target_include_directories(${sim} PUBLIC ${PROJECT_SOURCE_DIR}/sim)
    target_link_libraries(${sim} PUBLIC ${core} PRIVATE atcoap_warnings)
endfunction()

# Many modems of a core in one process: the program's files that need no more than plain Linux.
function(atcoap_add_fleet fleet core)
    set(host ${PROJECT_SOURCE_DIR}/host)
    set(sim ${PROJECT_SOURCE_DIR}/sim)
    add_library(${fleet} STATIC
        ${host}/fleet.c ${host}/fleet_net.c ${host}/entropy.c ${host}/chacha.c ${host}/addr.c
        ${sim}/heap.c ${sim}/random.c)
    target_include_directories(${fleet} PUBLIC ${host} ${sim})
    target_compile_definitions(${fleet} PRIVATE _GNU_SOURCE)
    target_link_libraries(${fleet} PUBLIC ${core} PRIVATE atcoap_warnings)
endfunction()
