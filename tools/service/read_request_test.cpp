#include "tools/service/read_request.hpp"

#include "tools/cmake/catch.hpp"

using namespace service;
using Fields = std::vector<std::pair<std::string, std::string>>;

namespace {

RequestHead head(Fields fields, unsigned int version = 11) {
    return {.method = "GET", .target = "/", .version = version, .fields = std::move(fields)};
}

}  // namespace

TEST_CASE("a head that can be read in two ways is refused", "[service][read_request]") {
    const std::pair<std::string, std::string> host = {"host", "a"};
    const std::pair<std::string, std::string> five = {"content-length", "5"};
    const std::pair<std::string, std::string> chunked = {"transfer-encoding", "chunked"};
    const auto [fields, version, status, why] =
        GENERATE_COPY(table<Fields, unsigned int, int, std::string>({
            {{host}, 11, 0, "nothing strange"},
            {{}, 10, 0, "HTTP/1.0 needs no host"},
            {{host, five}, 11, 0, "a length"},
            {{host, chunked}, 11, 0, "chunks"},
            {{}, 11, 400, "no host"},
            {{host, host}, 11, 400, "two hosts"},
            {{host, five, five}, 11, 400, "two lengths, the same even"},
            {{host, {"content-length", "5, 5"}}, 11, 400, "a list of lengths"},
            {{host, {"content-length", "+5"}}, 11, 400, "a sign"},
            {{host, five, chunked}, 11, 400, "a length and chunks"},
            {{host, chunked, five}, 11, 400, "chunks and a length"},
            {{host, chunked}, 10, 400, "HTTP/1.0 knows no chunks"},
            {{host, chunked, chunked}, 11, 400, "chunks twice"},
            {{host, {"transfer-encoding", "gzip, chunked"}}, 11, 400, "another coding"},
            {{host, {"transfer-encoding", "identity"}}, 11, 400, "a coding of old"},
            {{host}, 9, 505, "HTTP/0.9"},
            {{host}, 20, 505, "HTTP/2 as text"},
        }));
    INFO(why);

    const auto refusal = refuse_head(head(fields, version));

    CHECK((refusal ? refusal->status : 0) == status);
}

TEST_CASE("a request is what its head says, decoded", "[service][read_request]") {
    RequestHead sent = head({{"host", "a"}, {"user-agent", "caf\xE9"}});
    sent.target = "/base/mirrors/a%20b?country=BR";

    const auto read = read_request(sent, "/base");

    CHECK_FALSE(read.refusal.has_value());
    CHECK(read.request.method == "GET");
    CHECK(read.request.path == "/mirrors/a b");
    CHECK(query_value(read.request, "country") == "BR");
    CHECK(read.request.base_path == "/base");
    CHECK(field(read.request, "user-agent") == "caf\xEF\xBF\xBD");
}

TEST_CASE("a target that leads elsewhere is refused", "[service][read_request]") {
    const auto [target, status] = GENERATE(
        table<std::string, int>({{"/base/../x", 400}, {"/other", 404}, {"/base/%ff", 400}}));
    RequestHead sent = head({{"host", "a"}});
    sent.target = target;

    const auto read = read_request(sent, "/base");

    REQUIRE(read.refusal.has_value());
    CHECK(read.refusal->status == status);
}

TEST_CASE("a log has no query and nothing that a terminal obeys", "[service][read_request]") {
    CHECK(loggable_path("/a/b?token=secret") == "/a/b");
    CHECK(loggable_path("/a\x1B[31m\xC3\xA9") == "/a%1B[31m%C3%A9");
    CHECK(loggable_path("/" + std::string(1000, 'x')).size() == 303);
}
