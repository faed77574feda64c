include(${CMAKE_CURRENT_LIST_DIR}/release.cmake)
set(MIRROR_BENCH ON CACHE BOOL "")
