#include "tools/mirrorwarden/help_text.hpp"

#include "tools/cmake/catch.hpp"
#include "tools/mirrorwarden/manual.hpp"

#include <CLI/App.hpp>

using mirrorwarden::make_command_tree;
using mirrorwarden::roff_text;
using mirrorwarden::wrap;

TEST_CASE("text is broken between words and keeps its paragraphs", "[tools][help_text]") {
    CHECK(wrap("one two three", 8, 0) == "one two\nthree\n");
    CHECK(wrap("one two", 6, 2) == "  one\n  two\n");
    CHECK(wrap("a-very-long-word b", 5, 0) == "a-very-long-word\nb\n");
    CHECK(wrap("one\n\ntwo", 80, 0) == "one\n\ntwo\n");
    CHECK(wrap("", 80, 0).empty());
}

TEST_CASE("nothing in a text is a request or an escape of roff", "[tools][manual]") {
    CHECK(roff_text(".TH") == "\\&.TH");
    CHECK(roff_text("a\n'b") == "a\n\\&\\(aqb");
    CHECK(roff_text("--a\\b") == "\\-\\-a\\eb");
}

TEST_CASE("flags may be spelled as the catalogue spells its keys", "[tools][command_tree]") {
    const auto tree = make_command_tree();

    tree->parse({"mirror", "edit", "x", "--http_url", "http://a_b/", "--display_name=a_b"});

    const auto* edit = tree->root().get_subcommand("mirror")->get_subcommand("edit");
    CHECK(edit->get_option("--http-url")->as<std::string>() == "http://a_b/");
    CHECK(edit->get_option("--display-name")->as<std::string>() == "a_b");
}
