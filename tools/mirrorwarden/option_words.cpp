#include "tools/mirrorwarden/option_words.hpp"

#include "model/text_rules.hpp"
#include "prober/proxy_url.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/statsd.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

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

Option add_choice(CLI::App& command, const std::string& flag, const std::vector<std::string>& all,
                  std::function<void(std::size_t)> choose, const std::string& description) {
    const auto words = fmt::format("{}", fmt::join(all, "|"));
    return add_option_function(
               command, flag,
               [all, words, flag, choose = std::move(choose)](const std::string& text) {
                   const auto found = std::find(all.begin(), all.end(), text);
                   if (found == all.end()) {
                       refuse_value(flag,
                                    fmt::format("{} is none of {}", model::in_quotes(text), words));
                   }
                   choose(static_cast<std::size_t>(found - all.begin()));
               },
               description)
        .type_name(words);
}

Option add_count(CLI::App& command, const std::string& flag, std::optional<std::size_t>& target,
                 CountRange range, const std::string& description) {
    return add_option_function(
               command, flag,
               [&target, range, flag](const std::string& text) {
                   const auto number = parse_number<std::size_t>(text);
                   if (!number || *number < range.least || *number > range.most) {
                       refuse_value(flag,
                                    fmt::format("{} is no whole number from {} to {}",
                                                model::in_quotes(text), range.least, range.most));
                   }
                   target = *number;
               },
               description)
        .type_name("N");
}

Option add_seconds(CLI::App& command, const std::string& flag,
                   std::optional<std::chrono::milliseconds>& target,
                   const std::string& description) {
    return add_option_function(
               command, flag,
               [&target, flag](const std::string& text) {
                   const auto seconds = parse_number<double>(text);
                   if (!seconds || !std::isfinite(*seconds) || *seconds < 0.001 ||
                       *seconds > seconds_most) {
                       refuse_value(flag, fmt::format("{} is no number of seconds from 0.001 to {}",
                                                      model::in_quotes(text), seconds_most));
                   }
                   target = std::chrono::milliseconds(std::llround(*seconds * 1000));
               },
               description)
        .type_name("SECONDS");
}

Option add_time(CLI::App& command, const std::string& flag, std::optional<model::Timestamp>& target,
                const std::string& description) {
    return add_option_function(
               command, flag,
               [&target, flag](const std::string& text) {
                   target = parse_time(text);
                   if (!target) {
                       refuse_value(
                           flag,
                           fmt::format("{} is no time; write it like 2005-09-17T00:00:00Z (UTC)",
                                       model::in_quotes(text)));
                   }
               },
               description)
        .type_name("TIME");
}

Option add_proxy(CLI::App& command, std::optional<std::string>& target) {
    return add_option_function(
               command, "--proxy",
               [&target](const std::string& text) {
                   // Nothing is as if the flag were not given.
                   const auto fault = text.empty() ? "" : prober::proxy_fault(text);
                   if (!fault.empty()) {
                       refuse_value("--proxy", fault);
                   }
                   target = text;
               },
               "Ask through this proxy. Default: http_proxy, https_proxy, ftp_proxy, all_proxy and "
               "no_proxy of the environment")
        .type_name("URL");
}

Option add_statsd(CLI::App& command, std::string& target) {
    return add_option_function(
               command, "--statsd",
               [&target](const std::string& text) {
                   if (!parse_statsd_address(text)) {
                       refuse_value("--statsd",
                                    fmt::format("{} is no place of a statsd; {}",
                                                model::in_quotes(text), statsd_address_fault));
                   }
                   target = text;
               },
               "Send how long a successful run took to the statsd there, in one UDP datagram. "
               "Default: as "
               "the configuration says, else nowhere")
        .type_name("HOST:PORT");
}

}  // namespace mirrorwarden
