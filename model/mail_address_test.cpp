#include "model/mail_address.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using namespace std::string_literals;
using model::format_mail_address;
using model::MailAddress;
using model::parse_mail_address;

TEST_CASE("a mail address is read with its name", "[model][mail_address]") {
    const auto [why, text, name,
                address] = GENERATE(table<std::string, std::string, std::string, std::string>({
        {"the seed's", "Foo Bar <foo.bar@canonical.com>", "Foo Bar", "foo.bar@canonical.com"},
        {"alone", "foo.bar@canonical.com", "", "foo.bar@canonical.com"},
        {"in brackets", "<foo.bar@canonical.com>", "", "foo.bar@canonical.com"},
        {"blanks around", "  Foo Bar   <a@b.example>  ", "Foo Bar", "a@b.example"},
        {"no blank between", "Foo<a@b.example>", "Foo", "a@b.example"},
        {"beyond ASCII", "José Müller <a@b.example>", "José Müller", "a@b.example"},
        {"an apostrophe and a point", "J. O'Neil <a@b.example>", "J. O'Neil", "a@b.example"},
        {"quoted", R"-("Bar, Foo (admin)" <a@b.example>)-", "Bar, Foo (admin)", "a@b.example"},
        {"quoted marks", R"("Foo \"the\\Bar\"" <a@b.example>)", R"(Foo "the\Bar")", "a@b.example"},
        {"a quoted address as name", R"("x@y" <a@b.example>)", "x@y", "a@b.example"},
        {"an empty quoted name", R"("" <a@b.example>)", "", "a@b.example"},
        {"a bare host", "root@localhost", "", "root@localhost"},
        {"a tag", "a+mirrors@b.example", "", "a+mirrors@b.example"},
        {"as long as a local part may be", std::string(64, 'a') + "@b", "",
         std::string(64, 'a') + "@b"},
    }));
    CAPTURE(why, text);

    const auto mail = parse_mail_address(text);

    REQUIRE(mail.has_value());
    CHECK(*mail == MailAddress{name, address});
}

TEST_CASE("a wrong mail address is refused with what is wrong", "[model][mail_address]") {
    const auto [why, text, fragment] = GENERATE(table<std::string, std::string, std::string>({
        {"empty", "", "is empty"},
        {"only blanks", "  ", "is empty"},
        {"empty brackets", "Foo <>", "is empty"},
        {"no at", "Foo Bar", "no \"@\""},
        {"nothing before", "@b.example", "before the \"@\""},
        {"nothing after", "a@", "after the \"@\""},
        {"two ats", "a@b@c", "after the \"@\""},
        {"a blank before", "a b@c.example", "before the \"@\""},
        {"a blank after", "a@b c", "after the \"@\""},
        {"points in a row", "a..b@c.example", "before the \"@\""},
        {"a point first", ".a@c.example", "before the \"@\""},
        {"a point last in the host", "a@b.example.", "after the \"@\""},
        {"a dash first in the host", "a@-b.example", "after the \"@\""},
        {"an address literal", "a@[127.0.0.1]", "after the \"@\""},
        {"an underscore in the host", "a@b_c", "after the \"@\""},
        {"beyond ASCII in the address", "jos\u00e9@b.example", "before the \"@\""},
        {"a header in the name", "Foo\r\nBcc: x@y <a@b.example>", "control character"},
        {"a header in quotation marks", "\"Foo\nBcc: x\" <a@b.example>", "control character"},
        {"a zero byte", "a\0@b"s, "control character"},
        {"not UTF-8", "Jos\xE9 <a@b.example>", "not UTF-8"},
        {"two addresses", "a@b.example, c@d.example", "more than one"},
        {"two with names", "Foo <a@b.example>, Bar <c@d.example>", "more than one"},
        {"two in one pair of brackets", "Foo <a@b,c@d>", "more than one"},
        {"a comma in the name", "Bar, Foo <a@b.example>", "quotation marks"},
        {"a comment", "Foo (admin) <a@b.example>", "comment"},
        {"an open quotation mark", "\"Foo <a@b.example>", "not closed"},
        {"the mark escaped", R"("Foo\" <a@b.example>)", "not closed"},
        {"an open bracket", "Foo <a@b.example", "<local@host>"},
        {"text behind", "Foo <a@b.example> x", "<local@host>"},
        {"a quoted local part", "\"Foo\"@b.example", "<local@host>"},
        {"a long local part", std::string(65, 'a') + "@b", "before the \"@\""},
        {"a long label", "a@" + std::string(64, 'b'), "after the \"@\""},
        {"a long address",
         "a@" + std::string(60, 'b') + "." + std::string(60, 'b') + "." + std::string(60, 'b') +
             "." + std::string(60, 'b') + ".example.org",
         "longer than 254 bytes"},
        {"a long text", std::string(1'000, 'a') + "@b", "longer than 1,000 bytes"},
    }));
    CAPTURE(why, text);

    const auto mail = parse_mail_address(text);

    REQUIRE(mail.has_error());
    CAPTURE(mail.error());
    CHECK(mail.error().find(fragment) != std::string::npos);
}

TEST_CASE("a written mail address is read back", "[model][mail_address]") {
    const auto [why, mail, expected] = GENERATE(table<std::string, MailAddress, std::string>({
        {"plain", {"Foo Bar", "foo.bar@canonical.com"}, "Foo Bar <foo.bar@canonical.com>"},
        {"no name", {"", "a@b.example"}, "a@b.example"},
        {"a comma", {"Bar, Foo", "a@b.example"}, R"("Bar, Foo" <a@b.example>)"},
        {"marks", {R"(a "b\c")", "a@b.example"}, R"("a \"b\\c\"" <a@b.example>)"},
        {"a bracket", {"a<b", "a@b.example"}, R"("a<b" <a@b.example>)"},
        {"beyond ASCII", {"José", "a@b.example"}, "José <a@b.example>"},
    }));
    CAPTURE(why);

    CHECK(format_mail_address(mail) == expected);
    REQUIRE(parse_mail_address(expected).has_value());
    CHECK(*parse_mail_address(expected) == mail);
}
