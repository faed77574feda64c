#include "tools/service/testing/report_office.hpp"

using namespace service;
using namespace storage::testing;
using namespace std::chrono_literals;
using model::Scope;
using reports::Array;
using reports::XmlrpcValue;
using service::testing::Office;

namespace {

const XmlrpcValue first{std::int32_t{1}};  // the branch "tree"
const XmlrpcValue second{std::int32_t{2}};
const XmlrpcValue unknown{std::int32_t{99}};
const XmlrpcValue yes{true};
const XmlrpcValue no{false};

XmlrpcValue text(const std::string& words) {
    return {words};
}

}  // namespace

TEST_CASE("XML-RPC: what was mirrored dates from when it was started", "[service][reports]") {
    Office office;

    CHECK(office.told("startMirroring", {first}) == yes);
    CHECK(office.tree().mirroring.last_mirror_attempt == new_year);
    CHECK(office.tree().mirroring.attempt->lease_end == new_year + 1h);
    office.now += 5min;
    CHECK(office.told("mirrorComplete", {first, text("rev-1")}) == yes);

    const auto mirroring = office.tree().mirroring;
    CHECK(mirroring.last_mirrored == new_year);
    CHECK(mirroring.last_mirrored_id == "rev-1");
    CHECK(mirroring.next_mirror_time == new_year + 5min + 6h);
    CHECK(!mirroring.attempt);
}

TEST_CASE("XML-RPC: a failure is counted with its reason, which may be base64",
          "[service][reports]") {
    Office office;
    office.branch("startMirroring", {first});

    CHECK(office.told("mirrorFailed", {first, {reports::Bytes{"no\nroute\x01\xff"}}}) == yes);

    CHECK(office.tree().mirroring.mirror_failures == 1);
    CHECK(office.tree().mirroring.mirror_status_message == "no route \xEF\xBF\xBD");
}

TEST_CASE("XML-RPC: a branch that there is not is false, and one refused a fault",
          "[service][reports]") {
    Office office;
    const auto before = office.store->branches();

    const auto [method, parameters, expected] =
        GENERATE(table<std::string, Array, reports::OrFault<XmlrpcValue>>({
            {"startMirroring", {unknown}, no},
            {"mirrorComplete", {unknown, text("r")}, no},
            {"mirrorFailed", {unknown, text("r")}, no},
            {"requestMirror", {unknown}, no},
            {"startMirroring", {second}, reports::Fault{1, ""}},
            {"mirrorComplete", {second, text("r")}, reports::Fault{1, ""}},
            {"mirrorFailed", {second, text("r")}, reports::Fault{1, ""}},
            {"requestMirror", {second}, reports::Fault{1, ""}},
            {"mirrorComplete", {first, text("r")}, reports::Fault{2, ""}},
            {"mirrorFailed", {first, text("r")}, reports::Fault{2, ""}},
            {"mirrorComplete", {first, text("r"), text("old")}, reports::Fault{3, ""}},
            {"startMirroring", {text("1")}, reports::Fault{-32602, ""}},
            {"startMirroring", {first, first}, reports::Fault{-32602, ""}},
            {"mirrorComplete", {first, text("two\nlines")}, reports::Fault{-32602, ""}},
            {"mirrorComplete", {first, text(std::string(501, 'x'))}, reports::Fault{-32602, ""}},
            {"acquireBranchToPull", {{Array{text("mirrored")}}}, reports::Fault{-32602, ""}},
            {"getBranchPullQueue", {text("ALL")}, reports::Fault{-32602, ""}},
            {"getBranchPullQueue", {}, reports::Fault{-32602, ""}},
            {"recordSuccess", {}, reports::Fault{-32601, ""}},
        }));
    CAPTURE(method);
    const auto answer = office.branch(method, parameters);

    REQUIRE(answer.has_value() == expected.has_value());
    if (expected) {
        CHECK(*answer == *expected);
    } else {
        CHECK(answer.error().code == expected.error().code);
        CHECK(!answer.error().text.empty());
    }
    CHECK(office.store->branches() == before);
}

TEST_CASE("XML-RPC: who acquires a branch gets it alone, with an attempt", "[service][reports]") {
    Office office;
    CHECK(office.told("acquireBranchToPull", {}) == XmlrpcValue{Array{}});
    office.branch("requestMirror", {first});
    CHECK(office.told("acquireBranchToPull", {{Array{text("HOSTED")}}}) == XmlrpcValue{Array{}});
    CHECK(office.told("getBranchPullQueue", {text("MIRRORED")}) ==
          XmlrpcValue{Array{
              {Array{first, text("https://example.org/tree"), text("tree"), text("MIRRORED")}}}});

    const auto answer = office.branch("acquireBranchToPull", {});

    REQUIRE(answer.has_value());
    const auto acquired = std::get<Array>(answer->value);
    REQUIRE(acquired.size() == 5);
    CHECK(acquired[0] == first);
    CHECK(acquired[3] == text("MIRRORED"));
    CHECK(std::get<std::string>(acquired[4].value).size() == 64);
    CHECK(office.told("acquireBranchToPull", {}) == XmlrpcValue{Array{}});
    CHECK(office.told("getBranchPullQueue", {text("MIRRORED")}) == XmlrpcValue{Array{}});
    CHECK(office.branch("mirrorComplete", {first, text("r"), text("another")}).error().code == 3);
    CHECK(office.told("mirrorComplete", {first, text("r"), acquired[4]}) == yes);
}

TEST_CASE("XML-RPC: a job's success is recorded", "[service][reports]") {
    Office office;
    office.token = office.add_token(Scope::script_record, "cron");

    const auto answer = reports::parse_answer(
        office
            .call("/xmlrpc/scripts", "recordSuccess",
                  {text("probe"), text("host-1"), {new_year - 2min}, {new_year - 1min}})
            .body);

    REQUIRE(answer.has_value());
    CHECK(*answer == yes);
    CHECK(office.store->last_script_activity("probe") ==
          model::ScriptActivity{"probe", "host-1", new_year - 2min, new_year - 1min});
}

TEST_CASE("what is no job's run is refused, both ways", "[service][reports]") {
    Office office;
    office.token = office.add_token(Scope::script_record, "cron");
    const auto [why, activity] = GENERATE(table<std::string, model::ScriptActivity>({
        {"no name", {"", "host", new_year, new_year}},
        {"a line break in the name", {"a\nb", "host", new_year, new_year}},
        {"a name too long", {std::string(101, 'x'), "host", new_year, new_year}},
        {"no host", {"probe", "", new_year, new_year}},
        {"a host too long", {"probe", std::string(254, 'x'), new_year, new_year}},
        {"completed before it started", {"probe", "host", new_year, new_year - 1s}},
        {"completed tomorrow", {"probe", "host", new_year, new_year + 24h}},
    }));
    CAPTURE(why);

    const auto fault = reports::parse_answer(office
                                                 .call("/xmlrpc/scripts", "recordSuccess",
                                                       {text(activity.name),
                                                        text(activity.host),
                                                        {activity.started},
                                                        {activity.completed}})
                                                 .body);
    const auto problem = office.post("/api/v1/script-activity",
                                     {{"name", activity.name},
                                      {"host", activity.host},
                                      {"started", model::format_timestamp(activity.started)},
                                      {"completed", model::format_timestamp(activity.completed)}});

    REQUIRE(fault.has_error());
    CHECK(fault.error().code == reports::fault_wrong_arguments);
    CHECK(problem.status == 422);
    CHECK(office.store->last_script_activities().empty());
}
