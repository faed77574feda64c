#include "prober/log_spool.hpp"

#include "prober/log_reader.hpp"
#include "tools/cmake/catch.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <system_error>

using prober::decompress_log;
using prober::LogSpool;

namespace {

constexpr std::size_t no_limit = 100'000'000;

std::string lines(std::string_view word, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += fmt::format("{} line {}: ok http://mirror.example/dists/{}\n", word, i, i * 7919);
    }
    return text;
}

std::string read_back(std::string_view gz) {
    const auto text = decompress_log(gz, no_limit);
    REQUIRE(text.has_value());
    return *text;
}

std::string append_in_lines(LogSpool& spool, LogSpool::Log& log, const std::string& text) {
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = text.find('\n', begin) + 1;
        spool.append(log, std::string_view(text).substr(begin, end - begin));
        begin = end;
    }
    return text;
}

}  // namespace

TEST_CASE("a log of many members reads back whole, whatever was written between", "[prober][log]") {
    LogSpool spool(std::filesystem::temp_directory_path());
    LogSpool::Log first;
    LogSpool::Log second;

    std::string first_text;
    std::string second_text;
    for (int part = 0; part < 10; ++part) {
        first_text += append_in_lines(spool, first, lines("first", 100));
        second_text += append_in_lines(spool, second, lines("second", 300));
    }

    REQUIRE(first_text.size() > 5 * LogSpool::member_bytes);
    const auto first_gz = spool.take(first);
    const auto second_gz = spool.take(second);
    CHECK(read_back(first_gz) == first_text);
    CHECK(read_back(second_gz) == second_text);
    CHECK(first_gz.size() < first_text.size() / 3);
}

TEST_CASE("a taken log starts again empty", "[prober][log]") {
    LogSpool spool(std::filesystem::temp_directory_path());
    LogSpool::Log log;
    spool.append(log, "one\n");

    CHECK(read_back(spool.take(log)) == "one\n");
    CHECK(read_back(spool.take(log)).empty());
}

TEST_CASE("a line longer than a member is kept whole", "[prober][log]") {
    LogSpool spool(std::filesystem::temp_directory_path());
    LogSpool::Log log;
    const auto line = std::string(5 * LogSpool::member_bytes, 'x') + "\n";
    spool.append(log, "before\n");
    spool.append(log, line);
    spool.append(log, "after\n");

    CHECK(read_back(spool.take(log)) == "before\n" + line + "after\n");
}

TEST_CASE("a spool leaves no file behind, not even while it works", "[prober][log]") {
    const auto folder = std::filesystem::temp_directory_path() / "mirrorwarden-spool-test";
    std::filesystem::create_directories(folder);
    LogSpool spool(folder);
    LogSpool::Log log;
    spool.append(log, lines("some", 1000));

    CHECK(std::filesystem::is_empty(folder));
    std::filesystem::remove_all(folder);
}

TEST_CASE("a spool without a place to write says which folder it tried", "[prober][log]") {
    std::string message;
    try {
        LogSpool spool("/nonexistent/folder");
    } catch (const std::system_error& e) {
        message = e.what();
    }

    CHECK(message.find("/nonexistent/folder") != std::string::npos);
    CHECK(message.find("TMPDIR") != std::string::npos);
}
