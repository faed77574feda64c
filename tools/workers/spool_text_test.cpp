#include "tools/workers/spool_text.hpp"

#include "tools/cmake/catch.hpp"

using workers::parse_spool;
using workers::print_spool;
using workers::SpooledRun;

namespace {

SpooledRun two_reports() {
    const auto noon = *model::parse_timestamp("2026-11-21T12:00:00Z");
    return {.service = "https://status.example.org",
            .reports = {workers::branch_started(model::BranchId{7}, noon),
                        workers::branch_failed(model::BranchId{7}, "line\nand \"quote\"", "")}};
}

}  // namespace

TEST_CASE("a spool file is a line for each report, as it is sent late", "[workers][spool_text]") {
    CHECK(print_spool(two_reports()) ==
          "{\"spool\":1,\"service\":\"https://status.example.org\"}\n"
          "{\"path\":\"/api/v1/branches/7/mirror-start\","
          "\"body\":{\"started\":\"2026-11-21T12:00:00Z\"},"
          "\"about\":\"that the mirroring of branch 7 began\"}\n"
          "{\"path\":\"/api/v1/branches/7/mirror-failed\","
          "\"body\":{\"reason\":\"line\\nand \\\"quote\\\"\"},"
          "\"about\":\"that branch 7 failed\"}\n"
          "{\"end\":true}\n");
}

TEST_CASE("what was kept comes back", "[workers][spool_text]") {
    auto expected = two_reports();
    expected.reports[0].body = expected.reports[0].late_body;

    const auto read = parse_spool(print_spool(two_reports()));

    REQUIRE(read.has_value());
    CHECK(*read == expected);
}

TEST_CASE("a file that was cut off anywhere is none", "[workers][spool_text]") {
    const auto whole = print_spool(two_reports());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(parse_spool(whole.substr(0, size)).has_value());
    }
}

TEST_CASE("a file that is not ours is none", "[workers][spool_text]") {
    const std::string head = R"({"spool":1,"service":"https://x"})"
                             "\n";
    const std::string end = "{\"end\":true}\n";
    REQUIRE(parse_spool(head + end).has_value());
    const auto line = [](const std::string& text) { return text + "\n"; };
    const auto [why, text] = GENERATE_COPY(table<std::string, std::string>({
        {"another format", line(R"({"spool":2,"service":"https://x"})") + end},
        {"no service", line(R"({"spool":1})") + end},
        {"another path", head + line(R"({"path":"/admin","body":{},"about":""})") + end},
        {"a path with a query", head + line(R"({"path":"/api/v1/x?y","body":{}})") + end},
        {"a path with a line end", head + line(R"({"path":"/api/v1/x\r\ny","body":{}})") + end},
        {"no body", head + line(R"({"path":"/api/v1/x"})") + end},
        {"a body that is a text", head + line(R"({"path":"/api/v1/x","body":"y"})") + end},
        {"a line that is no JSON", head + line("report") + end},
        {"a line that is no object", head + line("7") + end},
        {"something after the end", head + end + end},
        {"a deep body", head +
                            line(R"({"path":"/api/v1/x","body":{"y":)" + std::string(100'000, '[') +
                                 std::string(100'000, ']') + "}}") +
                            end},
        {"too much", head + std::string(workers::spool_text_bytes_max, ' ') + end},
    }));
    CAPTURE(why);

    CHECK_FALSE(parse_spool(text).has_value());
}
