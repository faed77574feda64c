# Only configured: what clang-tidy reads. It cannot read GCC's precompiled headers.
include(${CMAKE_CURRENT_LIST_DIR}/dev.cmake)
set(MIRROR_BENCH ON CACHE BOOL "")
set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON CACHE BOOL "")
