#include "prober/rules_question.hpp"

#include "tools/cmake/catch.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <optional>
#include <string>

using namespace std::chrono_literals;
using model::Outcome;
using model::OutcomeKind;
using prober::CurlSite;
using prober::GetAnswer;
using prober::RulesQuestion;
using Clock = prober::HostManners::Clock;

namespace {

const std::string site_url = "http://mirror.example.org";

GetAnswer answer_of(Outcome outcome) {
    GetAnswer answer;
    answer.outcome = outcome;
    answer.detail = "no answer within 10 s";
    return answer;
}

const GetAnswer rules_sent = answer_of({OutcomeKind::ok});
const GetAnswer silence = answer_of({OutcomeKind::timeout_connect});
const GetAnswer refused = answer_of({OutcomeKind::refused});

/// One that has answered nothing yet.
const model::HostTally stranger;

}  // namespace

TEST_CASE("a site is asked for its rules by one lane, and by a second one when it is slow",
          "[prober][rules_question]") {
    boost::asio::io_context loop;
    CurlSite site(loop.get_executor());
    const auto now = Clock::now();
    CHECK(RulesQuestion::is_wanted(site, now));

    const RulesQuestion first(site, site_url, 1h);
    CHECK_FALSE(RulesQuestion::is_wanted(site, now));
    CHECK(RulesQuestion::is_wanted(site, now + 2h));

    const RulesQuestion second(site, site_url, 1h);
    CHECK_FALSE(RulesQuestion::is_wanted(site, now + 4h));
}

TEST_CASE("a question that ends makes room for the next", "[prober][rules_question]") {
    boost::asio::io_context loop;
    CurlSite site(loop.get_executor());
    { const RulesQuestion question(site, site_url, 1h); }
    CHECK(RulesQuestion::is_wanted(site, Clock::now()));
}

TEST_CASE("the rules that a site sends are kept", "[prober][rules_question]") {
    boost::asio::io_context loop;
    CurlSite site(loop.get_executor());
    RulesQuestion question(site, site_url, 1h);
    CHECK(question.request().url == "http://mirror.example.org/.well-known/mirrorwarden.txt");
    REQUIRE(question.request().sink("Disallow: /pri"));
    REQUIRE(question.request().sink("vate/\n"));

    CHECK_FALSE(question.settle(rules_sent, stranger, {}));
    CHECK(site.is_asked);
    CHECK(site.manners.disallows("/private/x"));
    CHECK_FALSE(site.manners.disallows("/public"));
}

TEST_CASE("a web page in place of the rules says nothing", "[prober][rules_question]") {
    boost::asio::io_context loop;
    CurlSite site(loop.get_executor());
    RulesQuestion question(site, site_url, 1h);
    REQUIRE(question.request().sink("Disallow: /private/\n"));
    auto page = rules_sent;
    page.is_web_page = true;

    CHECK_FALSE(question.settle(page, stranger, {}));
    CHECK(site.is_asked);
    CHECK_FALSE(site.manners.disallows("/private/x"));
}

TEST_CASE("who heard nothing says so, and leaves the other's question open",
          "[prober][rules_question]") {
    boost::asio::io_context loop;
    CurlSite site(loop.get_executor());
    RulesQuestion last(site, site_url, 0s);
    {
        RulesQuestion other(site, site_url, 0s);
        const auto why = other.settle(silence, stranger, {});
        REQUIRE(why);
        CHECK(why->outcome.kind == OutcomeKind::timeout_connect);
        CHECK(why->detail ==
              "asked for http://mirror.example.org/.well-known/mirrorwarden.txt first: no answer "
              "within 10 s");
        CHECK_FALSE(site.is_asked);
    }
    CHECK(last.settle(silence, stranger, {}));
    CHECK(site.is_asked);
}

TEST_CASE("a host that answers, if only with a fault, is not silent", "[prober][rules_question]") {
    boost::asio::io_context loop;
    CurlSite site(loop.get_executor());
    SECTION("this time") {
        RulesQuestion question(site, site_url, 1h);
        CHECK_FALSE(question.settle(refused, stranger, {}));
    }
    SECTION("earlier") {
        auto known = stranger;
        known.answers = 1;
        RulesQuestion question(site, site_url, 1h);
        CHECK_FALSE(question.settle(silence, known, {}));
    }
    CHECK(site.is_asked);
}
