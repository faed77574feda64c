#include "model/host_rules.hpp"

#include "tools/cmake/catch.hpp"

#include <chrono>
#include <string>
#include <vector>

using model::parse_host_rules;
using model::TextFault;
using namespace std::chrono_literals;

namespace {

constexpr model::Timestamp now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + 8h;

}  // namespace

TEST_CASE("an owner's rules are read", "[model][host_rules]") {
    const auto rules = parse_host_rules(
        "# our mirror\n"
        "Contact: mirror-admins@example.org\n"
        "max-requests-per-second:0.5   # it is an old disk\r\n"
        "Disallow: /debian/pool/\n"
        "Disallow: /private\n"
        "Disallow:\n"
        "Sitemap: https://example.org/\n"
        "a line of prose\n"
        "\n"
        "Maintenance-Until: 2026-11-22T08:00:00+02:00",
        now);

    CHECK(rules.contact == "mirror-admins@example.org");
    CHECK(rules.requests_per_second == 0.5);
    CHECK(rules.disallowed == std::vector<std::string>{"/debian/pool/", "/private"});
    CHECK(rules.maintenance_until == now + 22h);
    CHECK(rules.remarks.empty());
}

TEST_CASE("what an owner asks is honoured within bounds, and said so", "[model][host_rules]") {
    const auto [text, rate, remark,
                why] = GENERATE(table<std::string, double, std::string, std::string>({
        {"0.1", 0.1, "", "the lowest"},
        {"1000", 1000, "", "the highest"},
        {"0.09", 0.1, "Max-Requests-Per-Second: 0.09 is below one request in 10 s: 0.1 is used",
         "too low"},
        {"0", 0.1, "Max-Requests-Per-Second: 0 is below one request in 10 s: 0.1 is used",
         "nothing at all"},
        {"1001", 1000, "Max-Requests-Per-Second: 1001 is above 1000: 1000 is used", "too high"},
        {"-1", -1, "Max-Requests-Per-Second: \"-1\" is no number such as 2 or 0.5: passed over",
         "a sign"},
        {"1e2", -1, "Max-Requests-Per-Second: \"1e2\" is no number such as 2 or 0.5: passed over",
         "science"},
        {"nan", -1, "Max-Requests-Per-Second: \"nan\" is no number such as 2 or 0.5: passed over",
         "no number"},
        {"", -1, "Max-Requests-Per-Second: \"\" is no number such as 2 or 0.5: passed over",
         "nothing given"},
        {"2 per mirror", -1,
         "Max-Requests-Per-Second: \"2 per mirror\" is no number such as 2 or 0.5: passed over",
         "prose"},
    }));
    INFO(why);

    const auto rules = parse_host_rules("\nMax-Requests-Per-Second: " + text + "\n", now);

    CHECK(rules.requests_per_second.value_or(-1) == rate);
    CHECK(rules.remarks ==
          (remark.empty() ? std::vector<TextFault>{} : std::vector{TextFault{2, remark}}));
}

TEST_CASE("a maintenance cannot last for ever", "[model][host_rules]") {
    const auto longest = parse_host_rules("Maintenance-Until: 2026-12-22T08:00:00Z", now);
    CHECK(longest.maintenance_until == now + 31 * 24h);
    CHECK(longest.remarks.empty());

    const auto longer = parse_host_rules("Maintenance-Until: 2099-01-01T00:00:00Z", now);
    CHECK(longer.maintenance_until == now + 31 * 24h);
    CHECK(longer.remarks ==
          std::vector{TextFault{1,
                                "Maintenance-Until: 2099-01-01T00:00:00Z is more than 31 days "
                                "ahead: 2026-12-22T08:00:00Z is used"}});

    const auto prose = parse_host_rules("Maintenance-Until: tomorrow", now);
    CHECK_FALSE(prose.maintenance_until);
    CHECK(prose.remarks.size() == 1);
}

TEST_CASE("a rule given again does not loosen the first", "[model][host_rules]") {
    const auto rules = parse_host_rules(
        "Max-Requests-Per-Second: 5\nMax-Requests-Per-Second: 2\nMax-Requests-Per-Second: 9\n"
        "Contact: a\nContact: b\n",
        now);

    CHECK(rules.requests_per_second == 2);
    CHECK(rules.contact == "a");
    CHECK(rules.remarks == std::vector{TextFault{5, "Contact is given again: the first counts"}});
}

TEST_CASE("paths are left alone by their beginning", "[model][host_rules]") {
    const auto rules = parse_host_rules("Disallow: /debian/pool/\nDisallow: /a", now);

    CHECK(is_disallowed(rules, "/debian/pool/main/h/hello.deb"));
    CHECK(is_disallowed(rules, "/debian/pool/"));
    CHECK(is_disallowed(rules, "/apt/"));
    CHECK_FALSE(is_disallowed(rules, "/debian/pool"));
    CHECK_FALSE(is_disallowed(rules, "/debian/dists/"));
    CHECK_FALSE(is_disallowed(rules, "/b/a"));
    CHECK_FALSE(is_disallowed(parse_host_rules("", now), "/a"));
}

TEST_CASE("a path is disallowed however it is escaped", "[model][host_rules]") {
    const auto rules =
        parse_host_rules("Disallow: /pool/g++/\nDisallow: /%7Edebian/\nDisallow: /100%/", now);

    CHECK(is_disallowed(rules, "/pool/g%2B%2b/g%2B%2B_1.deb"));
    CHECK(is_disallowed(rules, "/pool/g++/g++_1.deb"));
    CHECK(is_disallowed(rules, "/~debian/dists/"));
    CHECK(is_disallowed(rules, "/100%/x"));
    CHECK_FALSE(is_disallowed(rules, "/pool/g%2B"));
    CHECK_FALSE(is_disallowed(rules, "/pool/g%2C%2C/"));
}

TEST_CASE("what cannot be honoured is passed over, and said so", "[model][host_rules]") {
    const auto [text, remark] = GENERATE(table<std::string, std::string>({
        {"Disallow: /",
         "Disallow: / leaves nothing that could be looked at: passed over; disable the mirror "
         "instead"},
        {"Disallow: //",
         "Disallow: / leaves nothing that could be looked at: passed over; disable the mirror "
         "instead"},
        {"Disallow: pool/", "Disallow: \"pool/\" does not begin with a slash: passed over"},
        {"Contact: a\x1B[2Jb", "\"a?[2Jb\" is too long, or not plain text: passed over"},
    }));

    const auto rules = parse_host_rules(text, now);

    CHECK(rules.contact.empty());
    CHECK(rules.disallowed.empty());
    CHECK(rules.remarks == std::vector{TextFault{1, remark}});
}

TEST_CASE("a web page that answers for everything holds no rules", "[model][host_rules]") {
    const auto rules = parse_host_rules("\n <html>\nDisallow: /debian/\nContact: us\n", now);

    CHECK(rules == model::HostRules{});
}

TEST_CASE("of a text without end only the beginning counts", "[model][host_rules]") {
    std::string many;
    for (int i = 0; i < 300; ++i) {
        many += "Disallow: /a\n";
    }
    const auto rules = parse_host_rules(many, now);
    CHECK(rules.disallowed.size() == 200);
    CHECK(rules.remarks == std::vector{TextFault{201, "only the first 200 rules count"}});

    // The rule that the limit cuts in two would disallow more than its owner meant.
    const auto cut = parse_host_rules(
        "Disallow: /a\n" + std::string(65536 - 26, '#') + "\nDisallow: /debian/x", now);
    CHECK(cut.disallowed == std::vector<std::string>{"/a"});
    CHECK(cut.remarks ==
          std::vector{TextFault{0, "the text is larger than 64 KiB: the rest is passed over"}});
}
