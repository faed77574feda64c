# Every library we did not write. All are packages of Debian 12 and 13.
find_package(Boost 1.81 REQUIRED COMPONENTS url)
find_package(CLI11 2.1 REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(LibLZMA 5.4 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)  # SHA-256; the test servers speak TLS with it
find_package(PkgConfig REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt 9.1 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(pugixml 1.13 REQUIRED)
find_package(spdlog 1.10 REQUIRED)
pkg_check_modules(INIH REQUIRED IMPORTED_TARGET inih>=55)
pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc>=5.3)
pkg_check_modules(MAXMINDDB REQUIRED IMPORTED_TARGET libmaxminddb>=1.7)
pkg_check_modules(PQXX REQUIRED IMPORTED_TARGET libpqxx>=6.4)
pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus>=3.3)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd>=1.5)

if(BUILD_TESTING)
  find_package(Catch2 REQUIRED)  # 2.13 or 3.7: tools/cmake/catch.hpp bridges them
endif()

# Asio is compiled once, here, rather than in every file that includes it.
add_library(asio STATIC ${CMAKE_CURRENT_LIST_DIR}/asio.cpp)
target_compile_definitions(asio PUBLIC BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
target_compile_features(asio PUBLIC cxx_std_20)
target_link_libraries(asio PUBLIC Boost::headers Threads::Threads)
