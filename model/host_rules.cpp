#include "model/host_rules.hpp"

#include "model/text_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <system_error>
#include <utility>

namespace model {
namespace {

constexpr std::size_t text_bytes_max = 64UL * 1024;
constexpr std::size_t rules_max = 200;
constexpr std::size_t value_bytes_max = 1000;
constexpr double rate_min = 0.1;
constexpr double rate_max = 1000;
constexpr std::chrono::days maintenance_max{31};
constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(blanks);
    return first == std::string_view::npos
               ? std::string_view{}
               : text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    return result;
}

/// "2", "0.5"; no sign, no exponent.
std::optional<double> parse_rate(std::string_view text) noexcept {
    const bool is_plain = text.find_first_not_of("0123456789.") == std::string_view::npos;
    double rate = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
    if (!is_plain || error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return rate;
}

/// The next byte of a path, which loses it, escaped or not.
char take_byte(std::string_view& path) noexcept {
    constexpr std::size_t escape_bytes = 3;
    unsigned char byte = 0;
    if (path.front() == '%' && path.size() >= escape_bytes) {
        const auto* const end = path.data() + escape_bytes;
        const auto read = std::from_chars(path.data() + 1, end, byte, 16);
        if (read.ec == std::errc{} && read.ptr == end) {
            path.remove_prefix(escape_bytes);
            return static_cast<char>(byte);
        }
    }
    const char letter = path.front();
    path.remove_prefix(1);
    return letter;
}

bool begins_with(std::string_view path, std::string_view prefix) noexcept {
    while (!prefix.empty()) {
        if (path.empty() || take_byte(path) != take_byte(prefix)) {
            return false;
        }
    }
    return true;
}

class RulesReader {
public:
    explicit RulesReader(Timestamp now) : now_{now} {}

    /// False where no more are taken.
    bool read(int line, std::string_view text) {
        line_ = line;
        text = trimmed(text.substr(0, text.find('#')));
        const auto colon = text.find(':');
        if (colon == std::string_view::npos) {
            return true;
        }
        const auto name = lower(trimmed(text.substr(0, colon)));
        const auto value = trimmed(text.substr(colon + 1));
        if (name != "contact" && name != "max-requests-per-second" && name != "disallow" &&
            name != "maintenance-until") {
            return true;
        }
        if (++count_ > rules_max) {
            remark(fmt::format("only the first {} rules count", rules_max));
            return false;
        }
        if (value.size() > value_bytes_max || !is_plain_text(value, Lines::one)) {
            remark(fmt::format("{} is too long, or not plain text: passed over", in_quotes(value)));
        } else if (name == "contact") {
            read_contact(value);
        } else if (name == "max-requests-per-second") {
            read_rate(value);
        } else if (name == "disallow") {
            read_disallow(value);
        } else {
            read_maintenance(value);
        }
        return true;
    }

    void remark(std::string what) { rules_.remarks.push_back({line_, std::move(what)}); }
    HostRules take() { return std::move(rules_); }

private:
    void read_contact(std::string_view value) {
        if (rules_.contact.empty()) {
            rules_.contact = value;
        } else {
            remark("Contact is given again: the first counts");
        }
    }

    void read_rate(std::string_view value) {
        const auto rate = parse_rate(value);
        if (!rate) {
            remark(
                fmt::format("Max-Requests-Per-Second: {} is no number such as 2 or 0.5: passed "
                            "over",
                            in_quotes(value)));
            return;
        }
        if (*rate < rate_min || *rate > rate_max) {
            remark(fmt::format("Max-Requests-Per-Second: {} is {}: {} is used", value,
                               *rate < rate_min ? "below one request in 10 s" : "above 1000",
                               std::clamp(*rate, rate_min, rate_max)));
        }
        // Of several, the one that spares the host most.
        rules_.requests_per_second = std::min(rules_.requests_per_second.value_or(rate_max),
                                              std::clamp(*rate, rate_min, rate_max));
    }

    void read_disallow(std::string_view value) {
        if (value.empty()) {
            return;  // as in robots.txt: nothing is disallowed
        }
        if (value.find_first_not_of('/') == std::string_view::npos) {
            remark(
                "Disallow: / leaves nothing that could be looked at: passed over; disable the "
                "mirror instead");
        } else if (!value.starts_with('/')) {
            remark(fmt::format("Disallow: {} does not begin with a slash: passed over",
                               in_quotes(value)));
        } else {
            rules_.disallowed.emplace_back(value);
        }
    }

    void read_maintenance(std::string_view value) {
        auto until = parse_timestamp(value);
        if (!until) {
            remark(
                fmt::format("Maintenance-Until: {} is no time such as 2026-11-21T08:00:00Z: "
                            "passed over",
                            in_quotes(value)));
            return;
        }
        if (*until > now_ + maintenance_max) {
            until = now_ + maintenance_max;
            remark(fmt::format("Maintenance-Until: {} is more than {} days ahead: {} is used",
                               value, maintenance_max.count(), format_timestamp(*until)));
        }
        rules_.maintenance_until = std::max(rules_.maintenance_until.value_or(*until), *until);
    }

    Timestamp now_;
    HostRules rules_;
    int line_ = 0;
    std::size_t count_ = 0;
};

}  // namespace

HostRules parse_host_rules(std::string_view text, Timestamp now) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || text[first] == '<') {
        return {};
    }
    RulesReader reader(now);
    if (text.size() > text_bytes_max) {
        reader.remark("the text is larger than 64 KiB: the rest is passed over");
        text = text.substr(0, text_bytes_max);
        text = text.substr(0, text.rfind('\n') + 1);  // no rule is cut in two
    }
    for (int line = 1; !text.empty(); ++line) {
        const auto end = std::min(text.find('\n'), text.size());
        if (!reader.read(line, text.substr(0, end))) {
            break;
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return reader.take();
}

bool is_disallowed(const HostRules& rules, std::string_view path) noexcept {
    return std::any_of(rules.disallowed.begin(), rules.disallowed.end(),
                       [path](const auto& prefix) { return begins_with(path, prefix); });
}

}  // namespace model
