#include "model/redirect.hpp"

#include "tools/cmake/catch.hpp"

using model::OutcomeKind;

namespace {

const std::string asked = "http://a.example/ubuntu/dists/warty/main/binary-i386/Packages.gz";

}  // namespace

TEST_CASE("the five redirecting statuses are redirects and no other", "[model][redirect]") {
    const auto [status, expected, why] = GENERATE(table<int, bool, std::string>({
        {200, false, "an answer"},
        {300, false, "a choice, not an order"},
        {301, true, "moved for good"},
        {302, true, "found elsewhere"},
        {303, true, "see other"},
        {304, false, "not modified"},
        {305, false, "use a proxy: never"},
        {307, true, "moved for now"},
        {308, true, "moved for good, same method"},
        {404, false, "missing"},
    }));
    CAPTURE(status, why);

    CHECK(model::is_redirect(status) == expected);
}

TEST_CASE("a redirect to the same file is resolved", "[model][redirect]") {
    const auto [location, expected, why] = GENERATE(table<std::string, std::string, std::string>({
        {"https://b.example/x/Packages.gz", "https://b.example/x/Packages.gz", "absolute"},
        {"HTTPS://b.example/Packages.gz", "https://b.example/Packages.gz", "scheme in capitals"},
        {"ftp://b.example/Packages.gz", "ftp://b.example/Packages.gz", "ftp is fine"},
        {"//b.example/Packages.gz", "http://b.example/Packages.gz", "the scheme is kept"},
        {"/y/Packages.gz", "http://a.example/y/Packages.gz", "absolute path"},
        {"../Packages.gz", "http://a.example/ubuntu/dists/warty/main/Packages.gz", "relative"},
        {"Packages.gz?v=1", "http://a.example/ubuntu/dists/warty/main/binary-i386/Packages.gz?v=1",
         "a query does not change the file"},
        {"/y/Packages.gz#top", "http://a.example/y/Packages.gz", "the fragment is dropped"},
        {"  /y/Packages.gz\t", "http://a.example/y/Packages.gz", "blanks around it"},
        {"/a b/Packages.gz", "http://a.example/a%20b/Packages.gz", "a bare blank"},
        {"/\xc3\xa9/Packages.gz", "http://a.example/%C3%A9/Packages.gz", "bytes outside ASCII"},
        {"/100%/Packages.gz", "http://a.example/100%25/Packages.gz", "a percent sign alone"},
        {"/y/%50ackages.gz", "http://a.example/y/Packages.gz", "the same name, escaped"},
        {"http://[2001:db8::1]:8080/Packages.gz", "http://[2001:db8::1]:8080/Packages.gz", "IPv6"},
        {"http://user:secret@b.example/Packages.gz", "http://b.example/Packages.gz",
         "a password is not kept"},
    }));
    CAPTURE(location, why);

    const auto target = model::follow_redirect(asked, location, 0, 3);

    REQUIRE(target.has_value());
    CHECK(*target == expected);
}

TEST_CASE("a redirect that does not lead to the file is refused", "[model][redirect]") {
    const auto [location, hops, expected,
                why] = GENERATE(table<std::string, int, OutcomeKind, std::string>({
        {"/y/Packages.gz", 3, OutcomeKind::too_many_redirects, "a fourth hop"},
        {"file:///etc/Packages.gz", 3, OutcomeKind::too_many_redirects, "the limit is first"},
        {"file:///etc/Packages.gz", 0, OutcomeKind::redirect_to_unknown_scheme, "a local file"},
        {"gopher://b.example/Packages.gz", 0, OutcomeKind::redirect_to_unknown_scheme, "gopher"},
        {"javascript:alert(1)", 0, OutcomeKind::redirect_to_unknown_scheme, "a script"},
        {"/error.html", 0, OutcomeKind::redirect_to_different_file, "an error page"},
        {"/y/Packages.gz/", 0, OutcomeKind::redirect_to_different_file, "a folder of that name"},
        {"/y/packages.gz", 0, OutcomeKind::redirect_to_different_file, "case matters"},
        {"https://portal.example/?to=Packages.gz", 0, OutcomeKind::redirect_to_different_file,
         "a captive portal"},
        {"", 0, OutcomeKind::invalid_answer, "no location"},
        {"   ", 0, OutcomeKind::invalid_answer, "only blanks"},
        {"http:///Packages.gz", 0, OutcomeKind::invalid_answer, "no host"},
        {"http://b.example:port/Packages.gz", 0, OutcomeKind::invalid_answer, "no number"},
        {"http://b.example:99999/Packages.gz", 0, OutcomeKind::invalid_answer, "no such port"},
        {"http://[::1/Packages.gz", 0, OutcomeKind::invalid_answer, "an open bracket"},
        {"/y/\nPackages.gz", 0, OutcomeKind::invalid_answer, "a line break"},
        {std::string(9000, 'x'), 0, OutcomeKind::invalid_answer, "longer than any real URL"},
    }));
    CAPTURE(location.substr(0, 100), hops, why);

    const auto target = model::follow_redirect(asked, location, hops, 3);

    REQUIRE(target.has_error());
    CHECK(target.error() == expected);
}

TEST_CASE("a redirect of a file with an escaped name compares decoded names", "[model][redirect]") {
    const auto target = model::follow_redirect("http://a.example/a%2Bb_1.deb",
                                               "http://b.example/pool/a+b_1.deb", 2, 3);

    REQUIRE(target.has_value());
    CHECK(*target == "http://b.example/pool/a+b_1.deb");
}
