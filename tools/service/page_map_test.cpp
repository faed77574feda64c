#include "tools/service/page_map.hpp"

#include "tools/cmake/catch.hpp"
#include "tools/service/testing/hand_made_world.hpp"
#include "tools/service/world_shapes.hpp"

#include <algorithm>

using namespace service;
using service::testing::hand_made_world;
using service::testing::noon;

namespace {

std::string map_of_debian() {
    static const auto world = hand_made_world();
    Request request;
    request.base_path = "/below";
    const auto& debian = world->distributions.front();
    return map_svg(country_summaries(*world, debian), request, debian, noon);
}

/// The link of the country, whole; empty if there is none.
std::string link_of(const std::string& svg, const std::string& code) {
    const auto begin = svg.find("<a href=\"/below/debian/mirrors?country=" + code + "\"");
    return begin == std::string::npos ? "" : svg.substr(begin, svg.find("</a>", begin) - begin);
}

}  // namespace

TEST_CASE("a country with mirrors is a link that says its best and its worst",
          "[service][page_map]") {
    const auto [code, words, fill, why] =
        GENERATE(table<std::string, std::string, std::string, std::string>({
            {"DE", "Germany: 3 mirrors; best: Up to date, worst: Two days behind", "good-land",
             "they differ"},
            {"US", "United States: 1 mirror, Up to date", "good-land", "one mirror is both"},
            {"BR", "Brazil: 1 mirror, Disabled", "fill-bad", "none of its mirrors is enabled"},
            {"FR", "France: 1 mirror, Not probed yet", "fill-quiet", "nobody has looked"},
        }));
    CAPTURE(code, why);

    const std::string link = link_of(map_of_debian(), code);

    CHECK(link.find("aria-label=\"" + words + "\"") != std::string::npos);
    CHECK(link.find("<title>" + words + "</title>") != std::string::npos);
    CHECK(link.find(fill) != std::string::npos);
}

TEST_CASE("a country without mirrors is land that leads nowhere", "[service][page_map]") {
    const std::string svg = map_of_debian();

    CHECK(link_of(svg, "AU").empty());
    CHECK(svg.find("<path class=\"land\" d=\"M") != std::string::npos);
}

TEST_CASE("where no country has a mirror there is no map", "[service][page_map]") {
    const auto world = hand_made_world();

    CHECK(map_svg({}, {}, world->distributions.front(), noon).empty());
}

TEST_CASE("the shapes have every country once, inside the map", "[service][page_map]") {
    const auto& shapes = country_shapes();

    // ISO 3166-1 has 249 codes; some dependencies are parts of others in the source.
    CHECK(shapes.size() > 200);
    CHECK(std::ranges::is_sorted(shapes, std::ranges::less{}, &CountryShape::code));
    for (const CountryShape& shape : shapes) {
        CAPTURE(shape.code);
        CHECK((shape.x > 0 && shape.x < map_width));
        CHECK((shape.y > 0 && shape.y < map_height));
        CHECK((shape.path.empty() || shape.path.starts_with("M")));
    }
    for (const std::string_view code : {"SG", "HK", "MT", "BR", "FJ"}) {
        CHECK(std::ranges::count(shapes, code, &CountryShape::code) == 1);
    }
}
