#include "tools/reports/control_file.hpp"

#include "model/text_rules.hpp"

#include <fmt/format.h>
#include <ini.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <optional>

namespace reports {
namespace {

constexpr std::size_t text_bytes_max = 65'536;

struct Search {
    const std::string& job;
    std::optional<std::string> of_job = std::nullopt;
    std::optional<std::string> of_all = std::nullopt;
};

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

// inih's: nonzero means go on.
int note(void* user, const char* section, const char* name, const char* value) {
    auto& search = *static_cast<Search*>(user);
    if (lower_case(name) != "enabled") {
        return 1;
    }
    if (section == search.job) {
        search.of_job = value;
    } else if (std::string_view(section) == "DEFAULT") {
        search.of_all = value;
    }
    return 1;
}

std::optional<bool> read_boolean(const std::string& text) {
    constexpr std::array<std::string_view, 4> yes = {"1", "yes", "true", "on"};
    constexpr std::array<std::string_view, 4> no = {"0", "no", "false", "off"};
    const auto word = lower_case(text);
    if (std::ranges::find(yes, word) != yes.end()) {
        return true;
    }
    return std::ranges::find(no, word) != no.end() ? std::optional(false) : std::nullopt;
}

Permission enabled_despite(std::string warning) {
    return {.is_enabled = true, .warning = std::move(warning)};
}

}  // namespace

Permission read_permission(std::string_view text, const std::string& job) {
    if (text.size() > text_bytes_max || text.find('\0') != std::string_view::npos) {
        return enabled_despite("The control file is no INI file of at most 64 KiB.");
    }
    Search search{.job = job};
    const int wrong_line = ini_parse_string(std::string(text).c_str(), note, &search);
    if (wrong_line > 0) {
        return enabled_despite(fmt::format(
            "Line {} of the control file is neither [section] nor name = value.", wrong_line));
    }
    if (wrong_line < 0) {
        return enabled_despite("The control file could not be read.");
    }
    const auto& said = search.of_job ? search.of_job : search.of_all;
    if (!said) {
        return {};
    }
    if (const auto is_enabled = read_boolean(*said)) {
        return {.is_enabled = *is_enabled, .warning = {}};
    }
    return enabled_despite(
        fmt::format("The control file's [{}] enabled = {} is neither true nor "
                    "false.",
                    search.of_job ? job : "DEFAULT", model::in_quotes(*said)));
}

}  // namespace reports
