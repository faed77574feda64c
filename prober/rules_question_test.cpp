#include "prober/rules_question.hpp"

#include "tools/cmake/catch.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <string>

using namespace std::chrono_literals;
using model::Outcome;
using model::OutcomeKind;
using prober::CurlSite;
using prober::FileTrial;
using prober::GetAnswer;
using prober::RulesQuestion;
using prober::RulesStep;
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

}  // namespace

TEST_CASE("one lane asks for the rules, and where that takes long one tries its file",
          "[prober][rules_question]") {
    boost::asio::io_context loop;
    CurlSite site(loop.get_executor());
    const auto now = Clock::now();
    CHECK(rules_step(site, now) == RulesStep::ask);

    const RulesQuestion question(site, site_url, 1h);
    CHECK(rules_step(site, now) == RulesStep::wait);
    CHECK(rules_step(site, now + 2h) == RulesStep::try_file);

    { const FileTrial trial(site); }
    CHECK(rules_step(site, now + 4h) == RulesStep::wait);
}

TEST_CASE("a file is tried once", "[prober][rules_question]") {
    boost::asio::io_context loop;
    CurlSite site(loop.get_executor());
    {
        const RulesQuestion first(site, site_url, 0s);
        const FileTrial trial(site);
    }
    const RulesQuestion second(site, site_url, 0s);
    CHECK(rules_step(site, Clock::now() + 1h) == RulesStep::wait);
}

TEST_CASE("a question that ends makes room for the next", "[prober][rules_question]") {
    boost::asio::io_context loop;
    CurlSite site(loop.get_executor());
    { const RulesQuestion question(site, site_url, 1h); }
    CHECK(rules_step(site, Clock::now()) == RulesStep::ask);
}

TEST_CASE("the rules that a site sends are kept", "[prober][rules_question]") {
    boost::asio::io_context loop;
    CurlSite site(loop.get_executor());
    RulesQuestion question(site, site_url, 1h);
    CHECK(question.request().url == "http://mirror.example.org/.well-known/mirrorwarden.txt");
    REQUIRE(question.request().sink("Disallow: /pri"));
    REQUIRE(question.request().sink("vate/\n"));

    CHECK_FALSE(question.settle(rules_sent, {}));
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

    CHECK_FALSE(question.settle(page, {}));
    CHECK(site.is_asked);
    CHECK_FALSE(site.manners.disallows("/private/x"));
}

TEST_CASE("who heard nothing says so", "[prober][rules_question]") {
    boost::asio::io_context loop;
    CurlSite site(loop.get_executor());
    RulesQuestion question(site, site_url, 0s);

    const auto why = question.settle(silence, {});

    REQUIRE(why);
    CHECK(why->outcome.kind == OutcomeKind::timeout_connect);
    CHECK(why->detail ==
          "asked for http://mirror.example.org/.well-known/mirrorwarden.txt first: no answer "
          "within 10 s");
    CHECK(site.is_asked);
}

TEST_CASE("a site whose file is tried is asked for its rules twice, and no more",
          "[prober][rules_question]") {
    boost::asio::io_context loop;
    CurlSite site(loop.get_executor());
    {
        RulesQuestion first(site, site_url, 0s);
        const FileTrial trial(site);
        CHECK(first.settle(silence, {}));
        CHECK_FALSE(site.is_asked);
        site.tally = {.requests = 2, .timeouts = 1, .answers = 1};
    }
    RulesQuestion second(site, site_url, 0s);
    CHECK_FALSE(second.settle(silence, {}));
    CHECK(site.is_asked);
}

TEST_CASE("a site that answers, if only with a fault, has no rules", "[prober][rules_question]") {
    boost::asio::io_context loop;
    CurlSite site(loop.get_executor());
    RulesQuestion question(site, site_url, 1h);
    const FileTrial trial(site);
    CHECK_FALSE(question.settle(refused, {}));
    CHECK(site.is_asked);
}
