# What nearly every file includes is read once for all of them: a third of a clean build goes
# into reading such headers. It hides a missing #include from the compiler, not from clang-tidy,
# which does without (tools/dev lint).
#
# GCC instantiates again in every file what inline functions of such a header use, whether the
# file does or not: nlohmann/json.hpp here would cost each file 0.6 s, CLI/App.hpp 0.9 s.
set(precompiled_plain <boost/system/result.hpp> <fmt/format.h> <algorithm> <array> <chrono>
  <functional> <map> <memory> <optional> <set> <span> <string> <string_view> <utility> <vector>)
set(precompiled_asio <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp> <boost/asio/io_context.hpp>
  <boost/asio/ip/tcp.hpp> <boost/asio/post.hpp> <boost/asio/redirect_error.hpp> <boost/asio/steady_timer.hpp>
  <boost/asio/use_awaitable.hpp>)
set(precompiled_tests "${PROJECT_SOURCE_DIR}/tools/cmake/catch.hpp")

# One for each kind of target, and no more, since to make one takes as long as to compile five files.
function(mirror_add_precompiled name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;LIBRARIES")
  add_library(${name} OBJECT EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/tools/cmake/precompiled.cpp)
  target_link_libraries(${name} PRIVATE project_options Boost::headers fmt::fmt ${arg_LIBRARIES})
  target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
endfunction()
mirror_add_precompiled(precompiled HEADERS ${precompiled_plain})
mirror_add_precompiled(precompiled_with_asio HEADERS ${precompiled_plain} ${precompiled_asio} LIBRARIES asio)
if(BUILD_TESTING)
  mirror_add_precompiled(precompiled_tests
    HEADERS ${precompiled_tests} ${precompiled_plain} LIBRARIES Catch2::Catch2)
  mirror_add_precompiled(precompiled_tests_with_asio
    HEADERS ${precompiled_tests} ${precompiled_plain} ${precompiled_asio} LIBRARIES asio Catch2::Catch2)
endif()

# mirror_precompile(<target> <one of those above>)
function(mirror_precompile target precompiled)
  if(TARGET ${target})
    target_link_libraries(${target} PRIVATE fmt::fmt)  # its macros must be the same
    target_precompile_headers(${target} REUSE_FROM ${precompiled})
  endif()
endfunction()
