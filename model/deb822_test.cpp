#include "model/deb822.hpp"

#include "tools/cmake/catch.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace std::string_literals;
using model::Deb822Reader;
using model::Stanza;
using model::TextFault;

namespace {

using Pieces = std::vector<std::string>;

struct Seen {
    std::vector<std::string> stanzas;  // their texts
    std::optional<TextFault> fault;
};

Seen read(const std::string& text, std::size_t piece_bytes = std::string::npos,
          std::size_t stanza_bytes_max = 1000) {
    Seen seen;
    Deb822Reader reader({stanza_bytes_max}, [&seen](const Stanza& stanza) {
        seen.stanzas.emplace_back(stanza.text());
    });
    for (std::size_t at = 0; at < text.size() && !seen.fault; at += piece_bytes) {
        // A copy of its own, so that a sanitizer sees who reads past a piece.
        const auto piece = text.substr(at, piece_bytes);
        seen.fault = reader.feed(piece);
        if (piece_bytes > text.size()) {
            break;
        }
    }
    if (!seen.fault) {
        seen.fault = reader.finish();
    }
    return seen;
}

/// The fields of the only stanza, by name.
std::vector<std::string> values(const std::string& text, const Pieces& names) {
    std::vector<std::string> values;
    Deb822Reader reader({1000}, [&](const Stanza& stanza) {
        for (const auto& name : names) {
            values.emplace_back(stanza.field(name));
        }
    });
    REQUIRE_FALSE(reader.feed(text));
    REQUIRE_FALSE(reader.finish());
    return values;
}

const std::string two_packages =
    "Package: hello\n"
    "Version: 2.10-3\n"
    "Description: an example\n"
    " of a text\n"
    " .\n"
    " of lines\n"
    "\n"
    "Package: other\n"
    "Filename: pool/o/other.deb\n";

}  // namespace

TEST_CASE("a value is what stands between the blanks around it", "[model][deb822]") {
    const auto [text, value, why] = GENERATE(table<std::string, std::string, std::string>({
        {"Key: value\n", "value", "as it is usual"},
        {"Key:value\n", "value", "no blank is needed"},
        {"Key: \t value \t\n", "value", "any blanks around it"},
        {"Key: value\r\n", "value", "line ends of the network"},
        {"Key: value", "value", "a last line without its end"},
        {"Key: a: b\n", "a: b", "the first colon ends the name"},
        {"Key:\n", "", "no value"},
        {"Key:", "", "nothing after the colon"},
        {"KEY: value\n", "value", "names have no case"},
        {"Key: one\n two\n\tthree\n", "one\n two\n\tthree", "lines that continue it"},
        {"Key:\n one\n two\n", "\n one\n two", "as in the sections of a Release"},
        {"Key: one\n \n two\n", "one\n \n two", "a line of blanks continues, for apt too"},
        {"Other: x\nKey: value\nThird: y\n", "value", "one of several"},
        {"Key: one\nKey: two\n", "one", "the first counts"},
        {"Keys: x\n", "", "a longer name is another"},
    }));
    INFO(why);

    CHECK(values(text, {"Key"}) == Pieces{value});
}

TEST_CASE("stanzas are divided by empty lines, and by nothing else", "[model][deb822]") {
    const auto [text, stanzas, why] = GENERATE(table<std::string, Pieces, std::string>({
        {"", {}, "nothing at all"},
        {"\n\n\n", {}, "empty lines only"},
        {"A: 1\n\nB: 2\n", {"A: 1\n", "B: 2\n"}, "as it is usual"},
        {"\n\nA: 1\n\n\n\nB: 2\n\n\n", {"A: 1\n", "B: 2\n"}, "any number of empty lines"},
        {"A: 1\r\n\r\nB: 2\r\n", {"A: 1\r\n", "B: 2\r\n"}, "line ends of the network"},
        {"A: 1\n \nB: 2\n", {"A: 1\n \nB: 2\n"}, "a line with a blank is not empty"},
    }));
    INFO(why);

    for (const std::size_t bytes : {1U, 2U, 3U, 5U, 1000U}) {
        INFO("in pieces of " << bytes << " bytes");
        const auto seen = read(text, bytes);
        CHECK_FALSE(seen.fault);
        CHECK(seen.stanzas == stanzas);
    }
}

TEST_CASE("how the text is cut into pieces changes nothing", "[model][deb822]") {
    const auto whole = read(two_packages);
    REQUIRE(whole.stanzas.size() == 2);

    for (std::size_t bytes = 1; bytes <= two_packages.size(); ++bytes) {
        const auto seen = read(two_packages, bytes);
        CHECK_FALSE(seen.fault);
        CHECK(seen.stanzas == whole.stanzas);
    }
}

TEST_CASE("a fault names its line and kind, however the text comes", "[model][deb822]") {
    const auto [text, line, what,
                why] = GENERATE(table<std::string, int, std::string, std::string>({
        {"A: 1\n<html>\n", 2, "\"<html>\" is no field: it has no colon", "a web page"},
        {"A: 1\n<a href=\"http:\">\n", 2,
         "\"<a href=\"http:\">\" is no field: no name is before its colon", "a page with a colon"},
        {"A: 1\n\n: 1\n", 3, "\": 1\" is no field: no name is before its colon", "no name"},
        {"# a note: x\n", 1, "\"# a note: x\" is no field: no name is before its colon",
         "an archive's files have no comments"},
        {" 1\nA: 1\n", 1, "the stanza begins with a line that continues a field", "at the start"},
        {"A: 1\n\n\t1\n", 3, "the stanza begins with a line that continues a field", "later"},
        {"A: 1\nB: \0"s, 2, "there is a NUL byte", "a byte that no text has"},
        {"A: 1\n\nB: 1\nhello", 4, "\"hello\" is no field: it has no colon", "cut off"},
    }));
    INFO(why);

    for (const std::size_t bytes : {1U, 2U, 3U, 7U, 1000U}) {
        INFO("in pieces of " << bytes << " bytes");
        CHECK(read(text, bytes).fault == TextFault{line, what});
    }
}

TEST_CASE("a stanza may be as large as the limit and no larger", "[model][deb822]") {
    const auto stanza = "A: " + std::string(96, 'x') + "\n";  // 100 bytes
    const auto text = "First: 1\n\n" + stanza + "\n" + "Last: 1\n";
    const auto fault = TextFault{3, "the stanza that begins here is larger than 99 bytes"};

    for (const std::size_t bytes : {1U, 3U, 50U, 1000U}) {
        INFO("in pieces of " << bytes << " bytes");
        const auto fits = read(text, bytes, 100);
        CHECK_FALSE(fits.fault);
        CHECK(fits.stanzas.size() == 3);

        const auto too_large = read(text, bytes, 99);
        CHECK(too_large.fault == fault);
        CHECK(too_large.stanzas == Pieces{"First: 1\n"});
    }
}

TEST_CASE("a line without an end is refused before it is kept", "[model][deb822]") {
    const std::string piece(1000, 'x');
    Deb822Reader reader({10'000}, [](const Stanza&) {});
    std::optional<TextFault> fault;
    int pieces = 0;

    while (!fault && pieces < 100) {
        fault = reader.feed(piece);
        ++pieces;
    }

    CHECK(pieces == 11);
    CHECK(fault == TextFault{1, "the stanza that begins here is larger than 10000 bytes"});
}

TEST_CASE("after a fault there is nothing but that fault", "[model][deb822]") {
    int stanzas = 0;
    Deb822Reader reader({100}, [&stanzas](const Stanza&) { ++stanzas; });

    const auto first = reader.feed("hello\n\n");
    const auto second = reader.feed("A: 1\n\nB: \0\n\n"s);

    REQUIRE(first.has_value());
    CHECK(first == second);
    CHECK(reader.finish() == first);
    CHECK(stanzas == 0);
}

TEST_CASE("a stanza knows which of its names are there, and their lines", "[model][deb822]") {
    std::vector<int> lines;
    Deb822Reader reader({1000}, [&lines](const Stanza& stanza) {
        CHECK(stanza.has("package"));
        CHECK_FALSE(stanza.has("Pack"));
        CHECK(stanza.count("Package") == 1);
        lines.push_back(stanza.line_of(stanza.field("Package")));
        lines.push_back(stanza.line_of(stanza.field("Filename")));
    });

    reader.feed("Package: a\nFilename: x\n\n");
    reader.feed("Other: 1\nPackage: b\n");
    reader.feed("Filename: y\n\n");

    CHECK(lines == std::vector{1, 2, 5, 6});
}
