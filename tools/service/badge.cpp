#include "tools/service/api_answers.hpp"
#include "tools/service/list_answers.hpp"
#include "tools/service/mirror_state_words.hpp"
#include "tools/service/query.hpp"
#include "tools/service/xml_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace service {
namespace {

// Of a common sans-serif of 11 pixels; `textLength` makes it fit whatever the font is.
constexpr std::size_t character_width = 7;
constexpr std::size_t margin = 10;
constexpr std::size_t characters_max = 60;

/// Each with at least 4.5 : 1 beside white letters.
std::string_view colour_of(Mood mood) {
    switch (mood) {
    case Mood::good: return "#1a7f37";
    case Mood::caution: return "#8a6100";
    case Mood::bad: return "#c0242c";
    case Mood::quiet: break;
    }
    return "#57606a";
}

struct Part {
    std::string text;  // escaped
    std::size_t width = 0;
};

Part part_of(const std::string& text) {
    // Names and words are ASCII, so that bytes are characters.
    return {xml_text(text, characters_max),
            std::min(text.size(), characters_max + 1) * character_width + 2 * margin};
}

std::string text_xml(const Part& part, std::size_t from) {
    return fmt::format(R"(<text x="{}" y="14" textLength="{}">{}</text>)", from + margin,
                       part.width - 2 * margin, part.text);
}

}  // namespace

Response badge(const Request& request, const World& world, model::Timestamp now) {
    const Query query{request};
    if (auto fault = query.fault()) {
        return *fault;
    }
    const auto* const facts = find_mirror(world, capture(request, "name"));
    if (facts == nullptr) {
        return not_found("mirror", capture(request, "name"));
    }
    const StateWords words = state_words(*facts, now);
    const Part left = part_of(facts->mirror.mirror.name);
    const Part right = part_of(words.text);
    const std::size_t width = left.width + right.width;
    return {
        .content_type = "image/svg+xml; charset=utf-8",
        .body = fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"20\" "
                            "role=\"img\"><title>{1}: {2}</title>"
                            "<rect width=\"{0}\" height=\"20\" rx=\"3\" fill=\"#24292f\"/>"
                            "<rect x=\"{3}\" width=\"{4}\" height=\"20\" rx=\"3\" fill=\"{5}\"/>"
                            "<g fill=\"#fff\" font-family=\"Verdana,DejaVu Sans,sans-serif\" "
                            "font-size=\"11\">{6}{7}</g></svg>\n",
                            width, left.text, right.text, left.width, right.width,
                            colour_of(words.mood), text_xml(left, 0), text_xml(right, left.width))};
}

}  // namespace service
