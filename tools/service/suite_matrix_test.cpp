#include "tools/service/suite_matrix.hpp"

#include "tools/cmake/catch.hpp"
#include "tools/service/apt_lines.hpp"

using namespace service;
using model::Freshness;
using model::Pocket;

namespace {

const std::vector<model::ContentRow> rows = {
    {{"sid", Pocket::release, "main", "amd64"}, Freshness::up},
    {{"sid", Pocket::release, "main", "source"}, Freshness::unknown},
    {{"sid", Pocket::release, "contrib", "amd64"}, Freshness::one_day_behind},
    {{"sid", Pocket::release, "contrib", "source"}, Freshness::up},
    {{"bookworm", Pocket::release, "main", "arm64"}, Freshness::up},
    {{"bookworm", Pocket::updates, "main", "arm64"}, Freshness::up},
};

model::Mirror mirror() {
    model::Mirror one;
    one.http_url = "http://a.example.org/debian/";
    return one;
}

}  // namespace

TEST_CASE("a cell is the worst of its components, unknown left out", "[service][matrix]") {
    model::Observation observation;
    observation.suites.resize(2);
    observation.suites[0].suite = "sid";
    observation.suites[1].suite = "gone";

    const auto matrix = suite_matrix(rows, observation);

    CHECK(matrix.architectures == std::vector<std::string>{"amd64", "arm64", "source"});
    REQUIRE(matrix.rows.size() == 4);
    CHECK(matrix.rows[0].suite == "sid");
    CHECK(matrix.rows[0].state == &observation.suites.front());
    CHECK(matrix.rows[0].cells[0] == Freshness::one_day_behind);
    CHECK_FALSE(matrix.rows[0].cells[1].has_value());
    CHECK(matrix.rows[0].cells[2] == Freshness::up);
    CHECK(matrix.rows[2].suite == "bookworm-updates");
    CHECK(matrix.rows[3].suite == "gone");
    CHECK_FALSE(matrix.rows[3].cells[0].has_value());
}

TEST_CASE("apt's lines name what the mirror has of a series", "[service][apt]") {
    // Source: sources.list(5).
    const auto newest = apt_lines(mirror(), rows, "");
    CHECK(newest.all_series == std::vector<std::string>{"sid", "bookworm"});
    CHECK(newest.series == "sid");
    CHECK(newest.one_line_style ==
          "deb http://a.example.org/debian/ sid main contrib\n"
          "deb-src http://a.example.org/debian/ sid main contrib\n");

    const auto chosen = apt_lines(mirror(), rows, "bookworm");
    CHECK(chosen.one_line_style ==
          "deb http://a.example.org/debian/ bookworm main\n"
          "deb http://a.example.org/debian/ bookworm-updates main\n");
    CHECK(chosen.deb822_style ==
          "Types: deb\nURIs: http://a.example.org/debian/\n"
          "Suites: bookworm bookworm-updates\nComponents: main\n");
}

TEST_CASE("a mirror without rows or URL has no lines for apt", "[service][apt]") {
    CHECK(apt_lines(mirror(), {}, "sid").one_line_style.empty());
    CHECK(apt_lines({}, rows, "sid").one_line_style.empty());
}
