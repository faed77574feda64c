#include "prober/json_poster.hpp"

#include "prober/testing/certificates.hpp"
#include "prober/testing/loopback_server.hpp"
#include "tools/cmake/catch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>

using namespace std::chrono_literals;
using prober::JsonAnswer;
using prober::JsonPoster;
using prober::JsonPosterSettings;
using prober::testing::answer_with;
using prober::testing::Certificates;
using prober::testing::DeafPort;
using prober::testing::LoopbackServer;
using prober::testing::Then;

namespace {

constexpr std::size_t body_bytes_max = 1 << 20;

JsonPosterSettings settings(std::chrono::milliseconds timeout = 20s) {
    return {.token = "mw_1_abc",
            .ca_bundle = {},
            .user_agent = "mirrorwarden/1",
            .connect_timeout = timeout,
            .timeout = timeout};
}

std::string answer_of(const std::string& body, int status = 200) {
    return fmt::format("HTTP/1.1 {} Because\r\nContent-Length: {}\r\n\r\n{}", status, body.size(),
                       body);
}

/// A server that answers while a poster blocks.
class Service {
public:
    explicit Service(const LoopbackServer::Options& options = {})
        : server_{context_.get_executor(), options} {
        boost::asio::co_spawn(context_, server_.run(), boost::asio::detached);
    }
    ~Service() { stop(); }
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    void answer(const std::string& bytes, Then then = Then::keep) {
        server_.serve_all({.bytes = bytes, .then = then, .tail = {}});
    }

    /// Then what it was asked can be looked at.
    JsonAnswer post(JsonPoster& poster, const std::string& body = "{}") {
        context_.restart();
        thread_ = std::thread([this] { context_.run(); });
        auto answer = poster.post(server_.url("/api/v1/x"), body);
        stop();
        return answer;
    }

    const LoopbackServer& server() const { return server_; }

private:
    void stop() {
        context_.stop();
        if (thread_.joinable()) {
            thread_.join();
        }
    }

    boost::asio::io_context context_{1};
    LoopbackServer server_;
    std::thread thread_;
};

bool says(const std::string& head, const std::string& line) {
    return head.find("\r\n" + line + "\r\n") != std::string::npos;
}

}  // namespace

TEST_CASE("JSON goes out as it is, with who sends it, and the answer comes back",
          "[prober][json_poster]") {
    Service service;
    service.answer(answer_of(R"({"error":"no such branch"})", 404));
    JsonPoster poster(settings());
    const std::string body = R"({"text":"a & b = c\n%41 ü"})";

    const auto answer = service.post(poster, body);

    CHECK(answer.status == 404);
    CHECK(answer.body == "{\"error\":\"no such branch\"}");
    CHECK(answer.was_sent);
    CHECK_FALSE(answer.retry_after.has_value());
    REQUIRE(service.server().asked() == std::vector<std::string>{"POST /api/v1/x"});
    CHECK(service.server().bodies().at(0) == body);
    const auto& head = service.server().heads().at(0);
    CAPTURE(head);
    CHECK(says(head, "Content-Type: application/json"));
    CHECK(says(head, "Accept: application/json"));
    CHECK(says(head, "Authorization: Bearer mw_1_abc"));
    CHECK(says(head, "User-Agent: mirrorwarden/1"));
    CHECK(head.find("Expect:") == std::string::npos);
}

TEST_CASE("without a token none is sent", "[prober][json_poster]") {
    Service service;
    service.answer(answer_of("{}"));
    auto anonymous = settings();
    anonymous.token.clear();
    JsonPoster poster(anonymous);

    CHECK(service.post(poster).status == 200);
    CHECK(service.server().heads().at(0).find("Authorization") == std::string::npos);
}

TEST_CASE("one exchange after the other takes one connection, and none leaks into the next",
          "[prober][json_poster]") {
    Service service;
    JsonPoster poster(settings());

    service.answer(answer_of("[\"a long answer\"]"));
    const auto first = service.post(poster, R"({"a":"long body"})");
    service.answer(answer_with(204));
    const auto second = service.post(poster, "");
    service.answer(answer_of("3"));
    const auto third = service.post(poster, "{}");

    CHECK(first.body == "[\"a long answer\"]");
    CHECK(second.status == 204);
    CHECK(second.body.empty());
    CHECK(third.body == "3");
    CHECK(service.server().bodies() == std::vector<std::string>{R"({"a":"long body"})", "", "{}"});
    CHECK(service.server().connections().accepted == 1);
}

TEST_CASE("a redirect is an answer: nobody else gets the token", "[prober][json_poster]") {
    Service other;
    other.answer(answer_of("{}"));
    Service service;
    service.answer(answer_with(307, "Location: " + other.server().url("/") + "\r\n"));
    JsonPoster poster(settings());

    CHECK(service.post(poster).status == 307);
    CHECK(other.server().connections().accepted == 0);
}

TEST_CASE("a service may say when to come again", "[prober][json_poster]") {
    using Seconds = std::optional<std::chrono::seconds>;
    const auto [why, header, expected] = GENERATE(table<std::string, std::string, Seconds>({
        {"in seconds", "Retry-After: 120\r\n", 120s},
        {"at once", "Retry-After: 0\r\n", std::nullopt},
        {"a date that has passed", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n", std::nullopt},
        {"nonsense", "Retry-After: soon\r\n", std::nullopt},
        {"nothing", "", std::nullopt},
    }));
    CAPTURE(why);
    Service service;
    service.answer(answer_with(503, header));
    JsonPoster poster(settings());

    const auto answer = service.post(poster);

    CHECK(answer.status == 503);
    CHECK(answer.retry_after == expected);
}

TEST_CASE("an answer of a mebibyte is read, and a longer one is none", "[prober][json_poster]") {
    Service service;
    JsonPoster poster(settings());

    service.answer(answer_of(std::string(body_bytes_max, ' ')));
    CHECK(service.post(poster).body.size() == body_bytes_max);

    service.answer(answer_of(std::string(body_bytes_max + 1, ' ')));
    const auto longer = service.post(poster);
    CHECK(longer.status == 0);
    CHECK(longer.body.empty());
    CHECK(longer.was_sent);
    CHECK_FALSE(longer.detail.empty());

    service.answer(answer_of("{}"));
    CHECK(service.post(poster).status == 200);  // and the next is as if nothing had been
}

TEST_CASE("a service that got the request may have heard it, answer or not",
          "[prober][json_poster]") {
    const auto [why, bytes, then] = GENERATE(table<std::string, std::string, Then>({
        {"it hangs up", "", Then::close},
        {"it breaks off", "", Then::reset},
        {"it never answers", "", Then::hold},
        {"it stops in the body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", Then::close},
        {"it talks of something else", "220 mail.example ESMTP\r\n", Then::close},
    }));
    CAPTURE(why);
    Service service;
    service.answer(bytes, then);
    JsonPoster poster(settings(500ms));

    const auto answer = service.post(poster);

    CHECK(answer.status == 0);
    CHECK(answer.body.empty());
    CHECK_FALSE(answer.detail.empty());
    CHECK(answer.was_sent);
}

TEST_CASE("a service that was never reached cannot have heard it", "[prober][json_poster]") {
    boost::asio::io_context context(1);
    const DeafPort deaf(context.get_executor());
    const auto [why, place] = GENERATE(table<std::string, std::string>({
        {"nobody listens", "http://127.0.0.1:1/"},
        {"a wall that swallows what comes", "the wall"},
        {"no such name", "http://no.invalid/"},
        {"another scheme", "ftp://127.0.0.1/"},
        {"no URL", "nonsense://[/"},
    }));
    const auto url = place == "the wall" ? deaf.url("/") : place;
    CAPTURE(why);
    JsonPoster poster(settings(500ms));

    const auto answer = poster.post(url, "{}");

    CHECK(answer.status == 0);
    CHECK_FALSE(answer.detail.empty());
    CHECK_FALSE(answer.was_sent);
}

TEST_CASE("nothing is said to a service whose certificate is not trusted",
          "[prober][json_poster]") {
    Certificates certificates;
    const auto files = certificates.issue({"service", "127.0.0.1"});
    const LoopbackServer::Options options{.address = "127.0.0.1",
                                          .port = 0,
                                          .certificate_file = files.certificate,
                                          .key_file = files.key};
    auto trusting = settings();
    trusting.ca_bundle = certificates.bundle();

    SECTION("by the bundle that was named it is") {
        Service service(options);
        service.answer(answer_of("{}"));
        JsonPoster poster(trusting);
        CHECK(service.post(poster).status == 200);
    }
    SECTION("by that of the system it is not") {
        Service service(options);
        service.answer(answer_of("{}"));
        JsonPoster poster(settings());

        const auto answer = service.post(poster);

        CHECK(answer.status == 0);
        CHECK_FALSE(answer.was_sent);
        CHECK(answer.detail.find("certificate") != std::string::npos);
        CHECK(service.server().heads().empty());
    }
}
