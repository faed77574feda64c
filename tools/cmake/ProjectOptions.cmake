# How our own code is compiled. Linked PRIVATE by every target of ours.
option(MIRROR_WARNINGS_AS_ERRORS "Treat compiler warnings as errors" OFF)
set(MIRROR_SANITIZE "" CACHE STRING "Sanitizers, e.g. address,undefined or thread")
option(MIRROR_COVERAGE "Instrument for llvm-cov (Clang only)" OFF)

add_library(project_options INTERFACE)
target_compile_features(project_options INTERFACE cxx_std_20)
target_compile_options(project_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
  $<$<BOOL:${MIRROR_WARNINGS_AS_ERRORS}>:-Werror>
)
# GCC collects its garbage at every 128 MB, of which heavy templates make several: not until
# 512 MB, a clean build takes a seventh less.
add_compile_options($<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-heapsize=524288>)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# mirror_use_heap(<program>): a heap that wastes less memory on connections that come and go, and
# less time on libcurl's many small pieces: a sixth of a run's processor. It takes the place of
# malloc because it is named before the C library. Sanitizers have a heap of their own.
function(mirror_use_heap program)
  if(NOT MIRROR_SANITIZE)
    target_link_libraries(${program} PRIVATE -Wl,--push-state,--no-as-needed PkgConfig::JEMALLOC
                                             -Wl,--pop-state)
  endif()
endfunction()

# Sanitizers and coverage must cover every object in the program, so these are global.
if(MIRROR_SANITIZE)
  add_compile_options(-fsanitize=${MIRROR_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${MIRROR_SANITIZE})
  # GCC warns that it cannot model Asio's fences; prober/ has one thread and needs none.
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  # What Clang 14 notes in front of each function for this one, it cannot in front of a coroutine.
  add_compile_options($<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=function>)
endif()
if(MIRROR_COVERAGE)
  # The place is in the program: tests start it in environments of their own. Eight files a
  # program, into which its runs are added: a file a run would be gigabytes.
  add_compile_options(-fprofile-instr-generate=${PROJECT_BINARY_DIR}/profiles/%8m.profraw -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()

# A rebuild after a switch of branch costs seconds with it; nothing changes without it.
# What is said beside its name lets it keep what was built with precompiled headers: only
# macros that tell the time could make it wrong, and there are none.
find_program(ccache_program ccache)
if(ccache_program AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${ccache_program})
  add_compile_options($<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>)
  # Clang would refuse a header that ccache kept from another clone: it notes when each was changed.
  add_compile_options("$<$<COMPILE_LANG_AND_ID:CXX,Clang>:SHELL:-Xclang -fno-pch-timestamp>")
endif()
