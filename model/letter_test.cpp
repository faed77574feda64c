#include "model/letter.hpp"

#include "tools/cmake/catch.hpp"

#include <set>
#include <string>
#include <vector>

using model::Role;

namespace {

model::Letter letter() {
    return {.occasion = "disabled",
            .subject = "Mirror x was disabled",
            .body = "What happened.\n\n",
            .mirror = "x",
            .distribution_title = "Harbour Linux",
            .identity = "20261121-7",
            .id_host = "mirrors.example.org"};
}

}  // namespace

TEST_CASE("each address is written to once, an owner as the owner", "[model][letter]") {
    const model::MailAddress ann{"Ann", "ann@example.org"};
    const model::MailAddress ann_again{"A. N. Admin", "Ann@Example.org"};
    const model::MailAddress bob{"", "bob@example.org"};

    const auto all = model::recipients({ann, bob, ann}, {ann_again, {"Cid", "cid@example.org"}});

    REQUIRE(all.size() == 3);
    CHECK(all[0].address == ann);
    CHECK(all[0].role == Role::owner);
    CHECK(all[1].address == bob);
    CHECK(all[2].address.address == "cid@example.org");
    CHECK(all[2].role == Role::admin);
}

TEST_CASE("a letter becomes one message for each recipient", "[model][letter]") {
    const auto messages = model::address_to(letter(), {{{"Ann", "ann@example.org"}, Role::owner},
                                                       {{"", "cid@example.org"}, Role::admin}});

    REQUIRE(messages.size() == 2);
    CHECK(messages[0].to.address == "ann@example.org");
    CHECK(messages[0].subject == "Mirror x was disabled");
    CHECK(messages[0].mirror == "x");
    CHECK(messages[0].message_id == "<disabled.20261121-7.1@mirrors.example.org>");
    CHECK(messages[1].message_id == "<disabled.20261121-7.2@mirrors.example.org>");
    CHECK(messages[0].body ==
          "Hello Ann,\n"
          "\n"
          "What happened.\n"
          "\n"
          "-- \n"
          "Mirrorwarden, a program that looks after mirrors\n"
          "You get this mail because you are named as an owner of this mirror.\n");
    CHECK(messages[1].body ==
          "Hello,\n"
          "\n"
          "What happened.\n"
          "\n"
          "-- \n"
          "Mirrorwarden, a program that looks after mirrors\n"
          "You get this mail because you are an admin of the mirrors of Harbour Linux.\n");
}

TEST_CASE("a recipient's name stays on its line", "[model][letter]") {
    const auto messages =
        model::address_to(letter(), {{{"Ann\nBcc: all@example.org", "a@b.example"}, Role::owner}});

    CHECK(messages.at(0).body.starts_with("Hello Ann Bcc: all@example.org,\n\n"));
}

TEST_CASE("a mirror and a distribution are called by what people know", "[model][letter]") {
    model::Mirror mirror;
    mirror.name = "foo";
    const auto plain = model::full_name(mirror);
    mirror.display_name = "foo";
    const auto same = model::full_name(mirror);
    mirror.display_name = "Foo\tArchive";
    model::Distribution distribution;
    distribution.name = "harbour";
    const auto untitled = model::title_of(distribution);
    distribution.title = "Harbour\nLinux";

    CHECK(plain == "foo");
    CHECK(same == "foo");
    CHECK(model::full_name(mirror) == "Foo Archive (foo)");
    CHECK(untitled == "harbour");
    CHECK(model::title_of(distribution) == "Harbour Linux");
}

TEST_CASE("paragraphs and items are wrapped", "[model][letter]") {
    const std::string words(80, 'a');

    CHECK(model::paragraph("one " + words + " two") == "one\n" + words + "\ntwo\n\n");
    CHECK(model::list_item("one " + words) == "  * one\n    " + words + "\n");
}
