# mirror_add_tests(<target> SOURCES ... LIBRARIES ...)
# One Catch2 executable per folder; CTest lists each TEST_CASE by name.
include(Catch OPTIONAL)
function(mirror_add_tests target)
  if(NOT BUILD_TESTING)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE ${arg_LIBRARIES} project_options Catch2::Catch2WithMain)
  catch_discover_tests(${target} TEST_PREFIX "${target}: " PROPERTIES TIMEOUT 120)
endfunction()

# mirror_add_fuzzer(<fuzz_name> SOURCES ... LIBRARIES ...)
# A libFuzzer program, and a test that runs it for a while on the seeds in
# testdata/fuzz/<name>. Needs Clang. Only code without coroutines: Clang 14 cannot
# assemble a coroutine under AddressSanitizer. The target `fuzzers` builds them all.
option(MIRROR_FUZZ "Build the fuzzers" OFF)
if(MIRROR_FUZZ)
  enable_testing()
  add_custom_target(fuzzers)
endif()
function(mirror_add_fuzzer target)
  if(NOT MIRROR_FUZZ)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE ${arg_LIBRARIES} project_options)
  target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  add_dependencies(fuzzers ${target})
  string(REGEX REPLACE "^fuzz_" "" name ${target})
  add_test(NAME "fuzz: ${name}"
    COMMAND ${PROJECT_SOURCE_DIR}/tools/testing/run-fuzzer
            $<TARGET_FILE:${target}> ${PROJECT_SOURCE_DIR}/testdata/fuzz/${name}
  )
endfunction()

# mirror_add_program_test(<file>_test.py [TIMEOUT seconds]): Python tests that run the
# program itself, or our scripts. They share tools/testing/, and get the program's path in
# MIRRORWARDEN. Debian's own Python: nothing is installed beside it. Status 77 is "skipped".
function(mirror_add_program_test file)
  if(NOT BUILD_TESTING)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  get_filename_component(name ${file} NAME_WE)
  string(REGEX REPLACE "_test$" "" name ${name})
  string(REPLACE "_" " " name ${name})
  cmake_path(ABSOLUTE_PATH file)
  add_test(NAME "program: ${name}" COMMAND /usr/bin/python3 -B ${file})
  set_tests_properties("program: ${name}" PROPERTIES
    TIMEOUT ${arg_TIMEOUT} SKIP_RETURN_CODE 77
    ENVIRONMENT "MIRRORWARDEN=$<TARGET_FILE:mirrorwarden>;PYTHONPATH=${PROJECT_SOURCE_DIR}/tools/testing"
  )
endfunction()
