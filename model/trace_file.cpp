#include "model/trace_file.hpp"

#include "model/text_rules.hpp"
#include "model/written_date.hpp"

#include <algorithm>
#include <cstddef>

namespace model {
namespace {

constexpr std::size_t lines_max = 200;
constexpr std::size_t value_bytes_max = 200;

std::string_view take_line(std::string_view& text) noexcept {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line.substr(0, line.find_last_not_of(" \t\r") + 1);
}

/// The value of a line "Key: value"; empty if it is none of that key.
std::string_view value_of(std::string_view line, std::string_view key) noexcept {
    if (!line.starts_with(key) || !line.substr(key.size()).starts_with(':')) {
        return {};
    }
    const auto value = line.substr(key.size() + 1);
    return value.substr(std::min(value.find_first_not_of(" \t"), value.size()));
}

void keep_first(std::string& kept, std::string_view value) {
    if (kept.empty() && value.size() <= value_bytes_max && is_plain_text(value, Lines::one)) {
        kept = value;
    }
}

/// "Used ftpsync version: 20120521" and what other tools made of it.
void read_used(TraceState& trace, std::string_view line) {
    constexpr std::string_view used = "Used ";
    if (!line.starts_with(used)) {
        return;
    }
    line.remove_prefix(used.size());
    if (const auto version = value_of(line, "ftpsync version"); !version.empty()) {
        keep_first(trace.tool, "ftpsync " + std::string(version));
    } else {
        const auto tool = line.substr(0, line.find(':'));
        constexpr std::string_view from = " from";  // "Used ftpsync-pushrsync from: HOST"
        keep_first(trace.tool,
                   tool.substr(0, tool.size() - (tool.ends_with(from) ? from.size() : 0)));
    }
}

}  // namespace

std::optional<TraceState> parse_trace(std::string_view name, std::string_view text) {
    TraceState trace;
    trace.name = name;
    trace.last_sync = parse_trace_date(take_line(text));
    if (!trace.last_sync) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < lines_max && !text.empty(); ++i) {
        const auto line = take_line(text);
        keep_first(trace.tool, value_of(line, "Creator"));
        keep_first(trace.upstream, value_of(line, "Upstream-mirror"));
        read_used(trace, line);
    }
    return trace;
}

}  // namespace model
