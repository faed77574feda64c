#include "tools/service/page_map.hpp"

#include "tools/service/page_layout.hpp"
#include "tools/service/page_words.hpp"
#include "tools/service/world_shapes.hpp"
#include "tools/service/xml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace service {
namespace {

constexpr std::size_t words_max = 1'000;
/// Smaller countries get a disc that can be seen, and hit.
constexpr int size_least = 12;

/// Fills as attributes: a reference in a stylesheet would lead into the stylesheet.
constexpr std::string_view patterns =
    "<defs>"
    "<pattern id=\"fill-caution\" width=\"12\" height=\"12\" patternUnits=\"userSpaceOnUse\">"
    "<path class=\"caution-land\" d=\"M0 0h12v12H0z\"/>"
    "<path class=\"hatch\" d=\"M-3 9l6 6M-3-3l18 18M9-3l6 6\"/></pattern>"
    "<pattern id=\"fill-bad\" width=\"12\" height=\"12\" patternUnits=\"userSpaceOnUse\">"
    "<path class=\"bad-land\" d=\"M0 0h12v12H0z\"/>"
    "<path class=\"hatch\" d=\"M-3 9l6 6M-3-3l18 18M9-3l6 6M-3 3l6-6M-3 15l18-18M9 15l6-6\"/>"
    "</pattern>"
    "<pattern id=\"fill-quiet\" width=\"12\" height=\"12\" patternUnits=\"userSpaceOnUse\">"
    "<path class=\"quiet-land\" d=\"M0 0h12v12H0z\"/><path class=\"hatch\" d=\"M0 6h12\"/>"
    "</pattern></defs>";

std::string_view fill_of(Mood mood) noexcept {
    switch (mood) {
    case Mood::good: return "class=\"good-land\"";
    case Mood::caution: return "fill=\"url(#fill-caution)\"";
    case Mood::bad: return "fill=\"url(#fill-bad)\"";
    case Mood::quiet: break;
    }
    return "fill=\"url(#fill-quiet)\"";
}

/// A tick, an exclamation mark, a cross, a stroke.
std::string_view sign_of(Mood mood) noexcept {
    switch (mood) {
    case Mood::good: return "M-5 0l4 4 7-8";
    case Mood::caution: return "M0-6v7m0 4v1";
    case Mood::bad: return "M-5-5L5 5M5-5L-5 5";
    case Mood::quiet: break;
    }
    return "M-5 0h10";
}

std::string sign_svg(Mood mood, int x, int y) {
    return fmt::format(
        "<g class=\"sign {}-sign\" transform=\"translate({} {})\"><circle "
        "r=\"11\"/><path d=\"{}\"/></g>",
        to_string(mood), x, y, sign_of(mood));
}

struct States {
    StateWords best;
    StateWords worst;
};

States states_of(const CountrySummary& country, model::Timestamp now) {
    const StateWords worst = page_state(*country.worst, now);
    return {.best = country.best != nullptr ? page_state(*country.best, now) : worst,
            .worst = worst};
}

std::string words_of(const CountrySummary& country, const States& states) {
    const std::string count = fmt::format("{}: {} mirror{}", country.name, country.mirrors,
                                          country.mirrors == 1 ? "" : "s");
    return states.best.text == states.worst.text
               ? fmt::format("{}, {}", count, states.worst.text)
               : fmt::format("{}; best: {}, worst: {}", count, states.best.text, states.worst.text);
}

std::string land_svg(const CountryShape& shape, Mood mood) {
    std::string svg;
    if (!shape.path.empty()) {
        svg += fmt::format("<path {} d=\"{}\"/>", fill_of(mood), shape.path);
    }
    if (shape.size < size_least) {
        svg +=
            fmt::format(R"(<circle {} cx="{}" cy="{}" r="14"/>)", fill_of(mood), shape.x, shape.y);
    }
    return svg;
}

const CountrySummary* find_country(std::span<const CountrySummary> countries,
                                   std::string_view code) {
    const auto found = std::ranges::find(countries, code, &CountrySummary::code);
    return found != countries.end() && found->worst != nullptr ? &*found : nullptr;
}

std::string swatch(Mood mood) {
    return fmt::format(
        "<svg class=\"swatch\" viewBox=\"0 0 40 24\" aria-hidden=\"true\"><path {} "
        "d=\"M0 0h40v24H0z\"/></svg>",
        fill_of(mood));
}

std::string sign(Mood mood) {
    return fmt::format(
        "<svg class=\"swatch\" viewBox=\"-12 -12 24 24\" aria-hidden=\"true\">{}"
        "</svg>",
        sign_svg(mood, 0, 0));
}

}  // namespace

std::string map_svg(std::span<const CountrySummary> countries, const Request& request,
                    const model::Distribution& distribution, model::Timestamp now) {
    std::string land;
    std::string links;
    std::string signs;
    for (const CountryShape& shape : country_shapes()) {
        const auto* const country = find_country(countries, shape.code);
        if (country == nullptr) {
            land += shape.path;
            continue;
        }
        const States states = states_of(*country, now);
        const std::string words = xml_text(words_of(*country, states), words_max);
        links += fmt::format(
            R"(<a href="{}/{}/mirrors?country={}" aria-label="{}"><title>{}</title>{}</a>)",
            xml_text(request.base_path, words_max), distribution.name, shape.code, words, words,
            land_svg(shape, states.best.mood));
        signs += sign_svg(states.worst.mood, shape.x, shape.y);
    }
    if (links.empty()) {
        return {};
    }
    return fmt::format(
        "<svg class=\"map\" viewBox=\"0 0 {} {}\" role=\"group\" "
        "aria-label=\"Map of countries with mirrors\">{}<path class=\"land\" "
        "d=\"{}\"/>{}<g class=\"signs\" aria-hidden=\"true\">{}</g></svg>",
        map_width, map_height, patterns, land, links, signs);
}

std::string map_legend() {
    struct Entry {
        Mood mood;
        std::string_view words;
    };
    constexpr std::array entries = {
        Entry{Mood::good, "less than a day behind"},
        Entry{Mood::caution, "a day or two behind"},
        Entry{Mood::bad, "disabled, broken, or older"},
        Entry{Mood::quiet, "not judged"},
    };
    std::string fills;
    std::string signs;
    for (const Entry& entry : entries) {
        fills += fmt::format("<span>{}{}</span> ", swatch(entry.mood), entry.words);
        signs += fmt::format("<span>{}{}</span> ", sign(entry.mood), entry.words);
    }
    return fmt::format(
        "<p class=\"legend\">A country's colour is its <strong>best</strong> mirror: "
        "{}</p><p class=\"legend\">Its sign is its <strong>worst</strong>: {}</p>",
        fills, signs);
}

}  // namespace service
