#include "prober/curl_client.hpp"

#include "prober/testing/network.hpp"
#include "tools/cmake/catch.hpp"

#include <string>

using model::Outcome;
using model::OutcomeKind;
using prober::testing::answer_with;
using prober::testing::Network;
using prober::testing::Reply;
using prober::testing::Then;

TEST_CASE("only 200 is ok; any other final status is told", "[prober][curl_client]") {
    const auto [status, expected, why] = GENERATE(table<int, Outcome, std::string>({
        {200, {OutcomeKind::ok}, "the file is there"},
        {204, {OutcomeKind::http_status, 204}, "success without a file is none"},
        {206, {OutcomeKind::http_status, 206}, "a part was not asked for"},
        {300, {OutcomeKind::http_status, 300}, "not one of the redirects"},
        {404, {OutcomeKind::http_status, 404}, "missing"},
        {503, {OutcomeKind::http_status, 503}, "down"},
    }));
    CAPTURE(status, why);
    Network network;
    const auto server = network.start_server();
    server->serve("/file", answer_with(status), Then::keep);

    const auto answer = network.head(server->url("/file"));

    CHECK(answer.outcome == expected);
    CHECK(answer.requests == 1);
    CHECK(answer.final_url.empty());
    CHECK(server->asked() == std::vector<std::string>{"HEAD /file"});
}
