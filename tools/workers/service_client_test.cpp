#include "tools/workers/service_client.hpp"

#include "tools/cmake/catch.hpp"

using workers::service_url_fault;

TEST_CASE("a service is an address of the web without a login", "[workers][service_client]") {
    const auto [why, url, is_fine] = GENERATE(table<const char*, const char*, bool>({
        {"a host", "https://status.example.org", true},
        {"a path below a web server", "https://example.org/status", true},
        {"an address and a port", "http://[::1]:8080", true},
        {"a port that there is not", "http://127.0.0.1:99999", false},
        {"no scheme", "status.example.org", false},
        {"another scheme", "ftp://status.example.org", false},
        {"a password", "https://me:secret@status.example.org", false},
        {"no host", "https://", false},
        {"a query", "https://status.example.org?x", false},
        {"a line end", "https://status.example.org\r\nX: y", false},
    }));
    CAPTURE(why);

    const auto fault = service_url_fault(url);

    CHECK(fault.empty() == is_fine);
    CHECK(fault.find("secret") == std::string::npos);
}

TEST_CASE("a service that is not there is told apart from one that may have heard",
          "[workers][service_client]") {
    const auto client = workers::make_service_client({.url = "http://127.0.0.1:1",
                                                      .token = "t",
                                                      .ca_bundle = {},
                                                      .user_agent = "test",
                                                      .connect_timeout = std::chrono::seconds(5),
                                                      .timeout = std::chrono::seconds(5)});

    const auto exchange = client->post("/api/v1/x", "{}");

    CHECK(exchange.status == 0);
    CHECK_FALSE(exchange.was_sent);
    CHECK_FALSE(exchange.detail.empty());
}
