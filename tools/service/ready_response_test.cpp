#include "tools/service/ready_response.hpp"

#include "tools/cmake/catch.hpp"
#include "tools/service/compression.hpp"

#include <nlohmann/json.hpp>

using namespace service;

namespace {

constexpr const char* date = "Sun, 06 Nov 1994 08:49:37 GMT";

bool has_line(const std::string& lines, const std::string& line) {
    return ("\r\n" + lines).find("\r\n" + line + "\r\n") != std::string::npos;
}

Response text(std::string body) {
    Response response;
    response.body = std::move(body);
    return response;
}

}  // namespace

TEST_CASE("a text is compressed where it is wanted and gains", "[service][ready_response]") {
    const Response large = text(std::string(10'000, 'x'));

    const auto plain = make_ready(large, Coding::identity, Reader::anyone);
    const auto packed = make_ready(large, Coding::gzip, Reader::anyone);
    const auto small = make_ready(text("short"), Coding::gzip, Reader::anyone);

    CHECK(plain.body == large.body);
    CHECK(has_line(plain.fields, "Vary: Accept-Encoding"));
    CHECK(gunzip(packed.body, 10'000) == large.body);
    CHECK(has_line(packed.fields, "Vary: Accept-Encoding"));
    CHECK(has_line(packed.body_fields, "Content-Encoding: gzip"));
    CHECK(has_line(packed.body_fields, "Content-Length: " + std::to_string(packed.body.size())));
    CHECK(small.body == "short");
    CHECK_FALSE(has_line(small.body_fields, "Content-Encoding: gzip"));
}

TEST_CASE("caches are told what an answer depends on", "[service][ready_response]") {
    Response both = text(std::string(10'000, 'x'));
    both.varies_with = "Cookie";
    Response one = text("short");
    one.varies_with = "Cookie";

    CHECK(has_line(make_ready(both, Coding::gzip, Reader::anyone).fields,
                   "Vary: Accept-Encoding, Cookie"));
    CHECK(has_line(make_ready(one, Coding::gzip, Reader::anyone).fields, "Vary: Cookie"));
    CHECK(has_line(make_ready(problem(404, "a", "b"), Coding::gzip, Reader::anyone).fields,
                   "Vary: Accept"));
}

TEST_CASE("a picture is not compressed again", "[service][ready_response]") {
    Response picture = text(std::string(10'000, 'x'));
    picture.content_type = "image/png";

    CHECK(make_ready(picture, Coding::gzip, Reader::anyone).body == picture.body);
}

TEST_CASE("what is gzip already is sent as it is, or unpacked", "[service][ready_response]") {
    Response log = text(gzip("a log"));
    log.is_gzipped = true;

    CHECK(make_ready(log, Coding::gzip, Reader::anyone).body == log.body);
    CHECK(make_ready(log, Coding::identity, Reader::anyone).body == "a log");
    log.body = "damaged";
    CHECK_THROWS_AS(make_ready(log, Coding::identity, Reader::anyone), std::runtime_error);
}

TEST_CASE("each form of each body has its own entity tag", "[service][ready_response]") {
    const Response one = text(std::string(10'000, 'x'));
    const Response other = text(std::string(10'000, 'y'));

    const auto plain = make_ready(one, Coding::identity, Reader::anyone).entity_tag;

    CHECK(plain.size() > 30);
    CHECK(plain == make_ready(one, Coding::identity, Reader::anyone).entity_tag);
    CHECK(plain != make_ready(one, Coding::gzip, Reader::anyone).entity_tag);
    CHECK(plain != make_ready(other, Coding::identity, Reader::anyone).entity_tag);
}

TEST_CASE("keeping is said to caches", "[service][ready_response]") {
    const auto [keeping, line, has_tag] = GENERATE(table<Keeping, std::string, bool>({
        {Keeping::shared, "Cache-Control: no-cache", true},
        {Keeping::pinned, "Cache-Control: public, max-age=31536000, immutable", true},
        {Keeping::nowhere, "Cache-Control: no-store", false},
    }));
    Response response = text("x");
    response.keeping = keeping;

    const auto ready = make_ready(response, Coding::identity, Reader::anyone);

    CHECK(has_line(ready.fields, line));
    CHECK(ready.entity_tag.empty() != has_tag);
}

TEST_CASE("pages of others may read what was read, not what was changed",
          "[service][ready_response]") {
    const std::string line = "Access-Control-Allow-Origin: *";

    CHECK(has_line(make_ready(text("x"), Coding::identity, Reader::anyone).fields, line));
    CHECK_FALSE(
        has_line(make_ready(text("x"), Coding::identity, Reader::same_origin).fields, line));
}

TEST_CASE("no answer may be framed, guessed at, or load from elsewhere",
          "[service][ready_response]") {
    const auto fields = make_ready(text("x"), Coding::identity, Reader::anyone).fields;

    CHECK(has_line(fields, "X-Content-Type-Options: nosniff"));
    CHECK(has_line(fields, "Referrer-Policy: same-origin"));
    CHECK(fields.find("default-src 'none'") != std::string::npos);
    CHECK(fields.find("frame-ancestors 'none'") != std::string::npos);
    CHECK(fields.find("unsafe") == std::string::npos);
}

TEST_CASE("a field cannot become two", "[service][ready_response]") {
    Response response = text("x");
    response.fields = {{"Location", "/a\r\nSet-Cookie: b=c"}};

    CHECK_THROWS_AS(make_ready(response, Coding::identity, Reader::anyone), std::runtime_error);
}

TEST_CASE("a head says what one request's answer alone has", "[service][ready_response]") {
    const auto ready = make_ready(text("x"), Coding::identity, Reader::anyone);

    const auto head = write_head(ready, {.date = date});
    const auto unchanged =
        write_head(ready, {.keeps_alive = false, .is_not_modified = true, .date = date});
    const auto stale = write_head(
        ready, {.date = date, .stale_since = model::parse_timestamp("2026-03-01T12:00:00Z")});

    CHECK(head.starts_with("HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
    CHECK(head.ends_with("Connection: keep-alive\r\n\r\n"));
    CHECK(has_line(head, "Content-Length: 1"));
    CHECK(has_line(head, "Content-Type: text/plain; charset=utf-8"));
    CHECK(unchanged.starts_with("HTTP/1.1 304 Not Modified\r\n"));
    CHECK(unchanged.ends_with("Connection: close\r\n\r\n"));
    CHECK(unchanged.find("Content-") == unchanged.find("Content-Security-Policy"));
    CHECK(has_line(unchanged, "ETag: " + ready.entity_tag));
    CHECK(has_line(stale, "Stale-Since: 2026-03-01T12:00:00Z"));
}

TEST_CASE("an answer without a body says nothing of one", "[service][ready_response]") {
    const auto ready = make_ready(options_response({"GET", "HEAD"}), Coding::gzip, Reader::anyone);

    CHECK(ready.status == 204);
    CHECK(ready.body_fields.empty());
    CHECK(has_line(ready.fields, "Allow: OPTIONS, GET, HEAD"));
    CHECK(has_line(ready.fields, "Access-Control-Allow-Methods: GET, HEAD, OPTIONS"));
}

TEST_CASE("dates are written as HTTP wants them", "[service][ready_response]") {
    const auto when = model::parse_timestamp("1994-11-06T08:49:37Z");
    REQUIRE(when.has_value());

    CHECK(format_http_date(*when) == "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST_CASE("a problem says what is wrong and what to do", "[service][ready_response]") {
    const auto response = problem(404, "no such mirror", "look at <list> \"\xff\"");

    const auto json = nlohmann::json::parse(response.body);

    CHECK(response.status == 404);
    CHECK(response.content_type == "application/problem+json");
    CHECK(response.keeping == Keeping::nowhere);
    CHECK(json["status"] == 404);
    CHECK(json["title"] == "no such mirror");
    CHECK(json["detail"] == "look at <list> \"\xEF\xBF\xBD\"");
}
