# fw_room(NAME SOURCES … ROOMS … LIBRARIES …)
#
# One folder of src/: the static library fw_NAME. ROOMS are the rooms below that it may include; a wrong arrow does not link.
function(fw_room name)
        cmake_parse_arguments(ROOM "" "" "SOURCES;ROOMS;LIBRARIES" ${ARGN})
        add_library(fw_${name} STATIC ${ROOM_SOURCES})
        target_include_directories(fw_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include
                                   ${PROJECT_BINARY_DIR}/generated)
        list(TRANSFORM ROOM_ROOMS PREPEND fw_)
        target_link_libraries(fw_${name} PUBLIC ${ROOM_ROOMS} ${ROOM_LIBRARIES})
endfunction()

# fw_unit_test(ROOM FILE…)
#
# One Check program for each tests/unit/ROOM/test_X.c; it links the room and what lies below it, nothing above.
function(fw_unit_test room)
        foreach(file IN LISTS ARGN)
                get_filename_component(stem ${file} NAME_WE)
                set(target ${room}_${stem})
                add_executable(${target} ${file})
                target_link_libraries(${target} PRIVATE fw_${room} PkgConfig::check)
                target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests/unit)
                target_compile_definitions(${target} PRIVATE FW_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}/data")
                add_test(NAME unit/${room}/${stem} COMMAND ${target})
                set_tests_properties(unit/${room}/${stem} PROPERTIES TIMEOUT 120 LABELS unit)
        endforeach()
endfunction()

# fw_program(NAME DIRECTORY SOURCES … ROOMS … LIBRARIES …)
#
# A program: built into bin/ of the build folder, so that programs find each other there as they do when installed; installed into DIRECTORY.
function(fw_program name directory)
        cmake_parse_arguments(PROGRAM "" "" "SOURCES;ROOMS;LIBRARIES" ${ARGN})
        add_executable(${name} ${PROGRAM_SOURCES})
        list(TRANSFORM PROGRAM_ROOMS PREPEND fw_)
        target_link_libraries(${name} PRIVATE ${PROGRAM_ROOMS} ${PROGRAM_LIBRARIES})
        target_compile_definitions(${name} PRIVATE FW_VERSION="${PROJECT_VERSION}")
        set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
        install(TARGETS ${name} RUNTIME DESTINATION ${directory})
endfunction()
