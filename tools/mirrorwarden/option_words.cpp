#include "tools/mirrorwarden/option_words.hpp"

#include "tools/mirrorwarden/statsd.hpp"

#include <charconv>
#include <cmath>

namespace mirrorwarden {
namespace {

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

constexpr double seconds_most = 3600;

// People leave out what is zero: "2005-09-17", "2005-09-17 11:42".
std::optional<model::Timestamp> parse_time(const std::string& text) {
    for (const char* rest : {"", ":00", "T00:00:00"}) {
        if (const auto time = model::parse_timestamp(text + rest)) {
            return time;
        }
    }
    return std::nullopt;
}

}  // namespace

CLI::Option& add_count(CLI::App& command, const std::string& flag,
                       std::optional<std::size_t>& target, CountRange range,
                       const std::string& description) {
    auto* option = command.add_option_function<std::string>(
        flag,
        [&target, range, flag](const std::string& text) {
            const auto number = parse_number<std::size_t>(text);
            if (!number || *number < range.least || *number > range.most) {
                throw CLI::ValidationError(
                    flag, fmt::format("{} is no whole number from {} to {}", model::in_quotes(text),
                                      range.least, range.most));
            }
            target = *number;
        },
        description);
    return *option->type_name("N");
}

CLI::Option& add_seconds(CLI::App& command, const std::string& flag,
                         std::optional<std::chrono::milliseconds>& target,
                         const std::string& description) {
    auto* option = command.add_option_function<std::string>(
        flag,
        [&target, flag](const std::string& text) {
            const auto seconds = parse_number<double>(text);
            if (!seconds || !std::isfinite(*seconds) || *seconds < 0.001 ||
                *seconds > seconds_most) {
                throw CLI::ValidationError(
                    flag, fmt::format("{} is no number of seconds from 0.001 to {}",
                                      model::in_quotes(text), seconds_most));
            }
            target = std::chrono::milliseconds(std::llround(*seconds * 1000));
        },
        description);
    return *option->type_name("SECONDS");
}

CLI::Option& add_time(CLI::App& command, const std::string& flag,
                      std::optional<model::Timestamp>& target, const std::string& description) {
    auto* option = command.add_option_function<std::string>(
        flag,
        [&target, flag](const std::string& text) {
            target = parse_time(text);
            if (!target) {
                throw CLI::ValidationError(
                    flag, fmt::format("{} is no time; write it like 2005-09-17T00:00:00Z (UTC)",
                                      model::in_quotes(text)));
            }
        },
        description);
    return *option->type_name("TIME");
}

CLI::Option& add_statsd(CLI::App& command, std::string& target) {
    auto* option = command.add_option_function<std::string>(
        "--statsd",
        [&target](const std::string& text) {
            if (!parse_statsd_address(text)) {
                throw CLI::ValidationError(
                    "--statsd", fmt::format("{} is no place of a statsd; {}",
                                            model::in_quotes(text), statsd_address_fault));
            }
            target = text;
        },
        "Send how long a successful run took to the statsd there, in one UDP datagram. Default: as "
        "the configuration says, else nowhere");
    return *option->type_name("HOST:PORT");
}

}  // namespace mirrorwarden
