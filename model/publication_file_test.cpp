#include "model/publication_file.hpp"

#include "tools/cmake/catch.hpp"

#include <chrono>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using namespace std::string_literals;
using model::FileError;
using model::parse_publication;
using model::parse_publications;

namespace {

const std::string binary_line =
    R"({"distribution": "ubuntu", "series": "warty", "pocket": "RELEASE", "component": "main", )"
    R"("arch": "i386", "source": "pmount", "version": "2:1.9-1", "file": "pmount_1.9-1_all.deb", )"
    R"("file_type": "DEB", "status": "PUBLISHED", "published": "2005-06-20T00:00:00Z"})";

/// The line with its one `from` changed into `to`.
std::string changed(const std::string& from, const std::string& to) {
    const auto at = binary_line.find(from);
    REQUIRE(at != std::string::npos);
    auto line = binary_line;
    return line.replace(at, from.size(), to);
}

// 2005-06-20 00:00:00 UTC, as `date -u -d 2005-06-20 +%s` says.
constexpr model::Timestamp published{std::chrono::seconds{1119225600}};

}  // namespace

TEST_CASE("a binary's publication is read", "[model][publication_file]") {
    const auto publication = parse_publication(binary_line);

    REQUIRE(publication.has_value());
    CHECK(publication->distribution == "ubuntu");
    CHECK(publication->bucket == model::Bucket{"warty", model::Pocket::release, "main", "i386"});
    CHECK(publication->source == "pmount");
    CHECK(publication->version == "2:1.9-1");
    CHECK(publication->file == "pmount_1.9-1_all.deb");
    CHECK(publication->path.empty());
    CHECK(publication->file_type == model::FileType::deb);
    CHECK(publication->status == model::PublicationStatus::published);
    CHECK(publication->published == published);
}

TEST_CASE("a publication may leave out what it does not have", "[model][publication_file]") {
    SECTION("a source has no architecture") {
        const auto source = parse_publication(
            R"({"distribution": "ubuntu", "series": "warty", "pocket": "UPDATES",
                "component": "main", "arch": null, "source": "alsa-utils", "version": "1.0.9a-4",
                "file": "alsa-utils_1.0.9a-4.dsc", "file_type": "DSC", "status": "PUBLISHED",
                "published": "2005-06-20 00:00:00", "path": "pool/a/alsa-utils_1.0.9a-4.dsc"})");

        REQUIRE(source.has_value());
        CHECK(source->bucket.is_source());
        CHECK(source->bucket.pocket == model::Pocket::updates);
        CHECK(source->published == published);
        CHECK(source->path == "pool/a/alsa-utils_1.0.9a-4.dsc");
    }
    SECTION("a pending one has no time yet") {
        const auto pending = parse_publication(
            changed(R"("PUBLISHED", "published": "2005-06-20T00:00:00Z")", R"("PENDING")"));

        REQUIRE(pending.has_value());
        CHECK(pending->status == model::PublicationStatus::pending);
        CHECK_FALSE(pending->published.has_value());
    }
    SECTION("one without its file") {
        const auto without = parse_publication(
            changed(R"("file": "pmount_1.9-1_all.deb", "file_type": "DEB")", R"("file": null)"));

        REQUIRE(without.has_value());
        CHECK(without->file.empty());
        CHECK_FALSE(without->file_type.has_value());
    }
}

TEST_CASE("a wrong publication is refused with what is wrong", "[model][publication_file]") {
    const auto [why, line, fragment] = GENERATE(table<std::string, std::string, std::string>({
        {"empty", "", "not JSON"},
        {"cut off", binary_line.substr(0, 50), "not JSON"},
        {"text behind", binary_line + "x", "not JSON"},
        {"two objects", binary_line + binary_line, "not JSON"},
        {"no object", "5", "one JSON object"},
        {"a text alone", "\"a\"", "one JSON object"},
        {"null alone", "null", "one JSON object"},
        {"a list", "[" + binary_line + "]", "one JSON object"},
        {"an empty object", "{}", "distribution is missing"},
        {"a key's slip", changed("\"series\"", "\"serie\""), "did you mean \"series\"?"},
        {"a key twice", changed("{", R"({"source": "a", )"), "source is given twice"},
        {"a comment", changed("{", "{/* */"), "not JSON"},
        {"not UTF-8", changed("ubuntu", "ub\xFFntu"), "not JSON"},
        {"a surrogate alone", changed("ubuntu", R"(\ud800)"), "not JSON"},
        {"a zero byte, escaped", changed("ubuntu", R"(a\u0000)"), "distribution: \"a?\""},
        {"a number", changed("\"warty\"", "5.04"), "series: this must be a text"},
        {"a huge number", changed("\"warty\"", "1e999999999"), "not a number"},
        {"a long number", changed("\"warty\"", std::string(1'000, '9')), "not a number"},
        {"a truth", changed("\"warty\"", "true"), "series: this must be a text"},
        {"an object inside", changed("\"warty\"", "{}"), "not an object"},
        {"a list inside", changed("\"warty\"", "[]"), "not a list"},
        {"deep lists", changed("\"warty\"", std::string(30'000, '[')), "not a list"},
        {"deep lists alone", std::string(60'000, '['), "one JSON object"},
        {"too long", binary_line + std::string(64UL * 1024, ' '), "64 KiB"},
        {"a wrong distribution", changed("ubuntu", "Ubuntu"), "distribution: \"Ubuntu\""},
        {"null for a series", changed("\"warty\"", "null"), "series is missing"},
        {"a folder as series", changed("warty", "../warty"), "series: \"../warty\""},
        {"a wrong pocket", changed("RELEASE", "Release"), "pocket: \"Release\" is not one of"},
        {"no pocket", changed(R"("pocket": "RELEASE", )", ""), "pocket is missing"},
        {"a slash in a component", changed("main", "a/b"), "component: \"a/b\""},
        {"no arch", changed(R"("arch": "i386", )", ""), "arch is missing; write null"},
        {"source as arch", changed("i386", "source"), "write null for a source"},
        {"a wrong source", changed("\"pmount\"", "\"\""), "source: \"\""},
        {"a wrong version", changed("2:1.9-1", "2:1.9 1"), "version: \"2:1.9 1\""},
        {"a file elsewhere", changed("pmount_1.9-1_all.deb", "../x.deb"), "file: \"../x.deb\""},
        {"a folder as file", changed("pmount_1.9-1_all.deb", ".."), "file: \"..\""},
        {"a query as file", changed("pmount_1.9-1_all.deb", "a?b"), "file: \"a?b\""},
        {"an empty file", changed("pmount_1.9-1_all.deb", ""), "file: \"\""},
        {"a long file", changed("pmount_1.9-1_all.deb", std::string(256, 'a')), "file: "},
        {"a path from the root", changed("{", R"({"path": "/etc/passwd", )"), "path: \"/etc"},
        {"a path upwards", changed("{", R"({"path": "pool/../../x", )"), "path: \"pool/.."},
        {"a path without a file",
         changed(R"("file": "pmount_1.9-1_all.deb", "file_type": "DEB")", R"("path": "pool/x")"),
         "path is given without a file"},
        {"a type without a file", changed(R"("file": "pmount_1.9-1_all.deb", )", ""),
         "give both, or neither"},
        {"a file without a type", changed(R"("file_type": "DEB", )", ""), "give both, or neither"},
        {"a wrong type", changed("DEB", "deb"), "file_type: \"deb\" is not one of DEB"},
        {"a source's type for a binary", changed("DEB", "DSC"), "only a source's file"},
        {"a binary's type for a source", changed("\"i386\"", "null"), "a source's file is a DSC"},
        {"a wrong status", changed("PUBLISHED", "Published"), "status: \"Published\""},
        {"no status", changed(R"("status": "PUBLISHED", )", ""), "status is missing"},
        {"no time", changed("\"2005-06-20T00:00:00Z\"", "null"), "published is missing"},
        {"no date", changed("2005-06-20", "2005-06-31"), "published: \"2005-06-31T00:00:00Z\""},
    }));
    CAPTURE(why);

    const auto publication = parse_publication(line);

    REQUIRE(publication.has_error());
    CAPTURE(publication.error());
    CHECK(publication.error().find(fragment) != std::string::npos);
}

TEST_CASE("blank lines and other editors' marks are passed over", "[model][publication_file]") {
    const auto publications =
        parse_publications("\xEF\xBB\xBF" + binary_line + "\r\n\r\n  \n" + binary_line);

    REQUIRE(publications.has_value());
    CHECK(publications->size() == 2);
    REQUIRE(parse_publications("").has_value());
    CHECK(parse_publications("\n\n")->empty());
}

TEST_CASE("each wrong line of a file is told, but a hundred at most", "[model][publication_file]") {
    const auto few = parse_publications(binary_line + "\n{}\n" + binary_line + "\n\nx\n");

    REQUIRE(few.has_error());
    REQUIRE(few.error().size() == 2);
    CHECK(few.error()[0] == FileError{2, "distribution is missing"});
    CHECK(few.error()[1].line == 5);

    std::string many;
    for (int i = 0; i < 1'000; ++i) {
        many += "{}\n";
    }
    REQUIRE(parse_publications(many).has_error());
    CHECK(parse_publications(many).error().size() == 100);
}

TEST_CASE("the acceptance publications are read as they were given", "[model][publication_file]") {
    std::ifstream file(MIRROR_TESTDATA "/acceptance/publications.jsonl", std::ios::binary);
    REQUIRE(file.is_open());
    std::ostringstream text;
    text << file.rdbuf();

    const auto publications = parse_publications(text.str());

    REQUIRE(publications.has_value());
    REQUIRE(publications->size() == 9);
    const auto& alsa = (*publications)[3];
    CHECK(alsa.bucket.is_source());
    CHECK(alsa.file == "alsa-utils_1.0.9a-4.dsc");
    REQUIRE(alsa.published.has_value());
    CHECK(model::format_timestamp(*alsa.published) == "2005-09-16T11:42:02.870714Z");
    const auto& firefox = (*publications)[4];
    CHECK(firefox.status == model::PublicationStatus::pending);
    CHECK_FALSE(firefox.published.has_value());
    const auto& pmount = (*publications)[6];
    CHECK(pmount.bucket.architecture == "i386");
    CHECK(pmount.version == "2:1.9-1");
    CHECK((*publications)[8].file_type == model::FileType::udeb);
}
