#include "model/policy_setting.hpp"

#include "model/nearest_word.hpp"
#include "model/text_rules.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <vector>

namespace model {
namespace {

constexpr std::array<std::string_view, 4> keys = {"disable_when", "failures_before_disable",
                                                  "successes_before_enable", "never_below"};
constexpr int probes_max = 100;
constexpr int mirrors_max = 1'000;

struct Range {
    int least;
    int most;
};

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    return first == std::string_view::npos
               ? std::string_view{}
               : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// Without the brackets or quotation marks around it, where there are both.
std::string_view bare(std::string_view text, char first, char last) {
    text = trim(text);
    const bool is_within = text.size() >= 2 && text.front() == first && text.back() == last;
    return is_within ? trim(text.substr(1, text.size() - 2)) : text;
}

std::optional<std::string> read_reasons(std::vector<DisableReason>& reasons,
                                        std::string_view value) {
    std::vector<DisableReason> read;
    std::string_view rest = bare(value, '[', ']');
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        const auto reason = parse_disable_reason(bare(rest.substr(0, comma), '"', '"'));
        if (reason.has_error()) {
            return "disable_when: " + reason.error();
        }
        read.push_back(*reason);
        rest = comma == std::string_view::npos ? std::string_view{} : trim(rest.substr(comma + 1));
    }
    reasons = std::move(read);
    return std::nullopt;
}

std::optional<std::string> read_number(int& number, std::string_view key, std::string_view value,
                                       Range range) {
    int read = 0;
    const char* const end = value.data() + value.size();
    const auto [rest, error] = std::from_chars(value.data(), end, read);
    if (error != std::errc{} || rest != end || read < range.least || read > range.most) {
        return fmt::format("{}: {} is no whole number from {} to {}", key, in_quotes(value),
                           range.least, range.most);
    }
    number = read;
    return std::nullopt;
}

}  // namespace

std::optional<std::string> set_policy(Policy& policy, std::string_view setting) {
    const auto sign = setting.find('=');
    if (sign == std::string_view::npos) {
        return fmt::format("{}: write KEY=VALUE, as in failures_before_disable=2",
                           in_quotes(setting));
    }
    const auto key = trim(setting.substr(0, sign));
    const auto value = trim(setting.substr(sign + 1));
    if (key == "disable_when") {
        return read_reasons(policy.disable_when, value);
    }
    if (key == "failures_before_disable") {
        return read_number(policy.failures_before_disable, key, value, {1, probes_max});
    }
    if (key == "successes_before_enable") {
        return read_number(policy.successes_before_enable, key, value, {1, probes_max});
    }
    if (key == "never_below") {
        return read_number(policy.never_below, key, value, {0, mirrors_max});
    }
    return unknown_key_text(key, keys);
}

std::string policy_text(const Policy& policy) {
    std::string reasons;
    for (const auto& reason : policy.disable_when) {
        reasons += fmt::format("{}\"{}\"", reasons.empty() ? "" : ", ", to_string(reason));
    }
    return fmt::format(
        "disable_when=[{}] failures_before_disable={} successes_before_enable={} never_below={}",
        reasons, policy.failures_before_disable, policy.successes_before_enable,
        policy.never_below);
}

}  // namespace model
