#include "tools/workers/reporter.hpp"

#include "tools/cmake/catch.hpp"
#include "tools/workers/testing/scratch_folder.hpp"

#include <deque>

using std::chrono::milliseconds;
using std::chrono::seconds;
using workers::Exchange;
using workers::Reporter;
using workers::SpoolFolder;
using Outcome = workers::Sending::Outcome;

namespace {

const std::string service = "https://status.example.org";
constexpr model::BranchId seven{7};
const model::Timestamp noon = *model::parse_timestamp("2026-11-21T12:00:00Z");

Exchange status(int number, std::string body = "{}") {
    return {.status = number, .body = std::move(body), .detail = {}};
}

Exchange unanswered() {
    return {.status = 0, .body = {}, .detail = "Empty reply"};
}

Exchange unreachable() {
    return {.status = 0,
            .body = {},
            .detail = "refused",
            .retry_after = std::nullopt,
            .was_sent = false};
}

/// Answers as it is told, and then always the last.
class ScriptedService : public workers::ServiceClient {
public:
    explicit ScriptedService(std::deque<Exchange> answers) : answers_(std::move(answers)) {}

    Exchange post(const std::string& path, const std::string& body) override {
        said.push_back(path.substr(path.rfind('/') + 1) + " " + body);
        auto answer = answers_.front();
        if (answers_.size() > 1) {
            answers_.pop_front();
        }
        return answer;
    }

    std::vector<std::string> said;

private:
    std::deque<Exchange> answers_;
};

/// A clock that only pauses move.
struct World {
    workers::testing::ScratchFolder scratch;
    SpoolFolder spool{scratch.path()};
    std::chrono::steady_clock::time_point clock{};
    std::vector<milliseconds> pauses;
    std::vector<std::string> complaints;
    workers::Surroundings surroundings{
        .now = [this] { return clock; },
        .pause =
            [this](milliseconds pause) {
                pauses.push_back(pause);
                clock += pause;
                return true;
            },
        .chance = [] { return 0.0; },
        .complain = [this](std::string_view words) { complaints.emplace_back(words); }};

    std::size_t kept() const {
        std::size_t files = 0;
        for (const auto& entry : std::filesystem::directory_iterator(scratch.path())) {
            files += entry.path().extension() == ".spool" ? 1 : 0;
        }
        return files;
    }
};

}  // namespace

TEST_CASE("a report that arrives leaves nothing behind", "[workers][reporter]") {
    World world;
    ScriptedService client({status(200, "yes")});
    Reporter reporter(client, service, &world.spool, world.surroundings);

    const auto sent = reporter.send(workers::branch_complete(seven, "r1", ""), seconds(60));

    CHECK(sent.outcome == Outcome::arrived);
    CHECK(sent.answer == "yes");
    CHECK(client.said == std::vector<std::string>{"mirror-complete {\"revision\":\"r1\"}"});
    CHECK(world.kept() == 0);
    CHECK(world.pauses.empty());
}

TEST_CASE("a report is on the disk before it is said", "[workers][reporter]") {
    World world;
    struct Looking : workers::ServiceClient {
        World& world;
        std::size_t kept = 0;
        explicit Looking(World& seen) : world(seen) {}
        Exchange post(const std::string&, const std::string&) override {
            kept = world.kept();
            return status(200);
        }
    } client(world);
    Reporter reporter(client, service, &world.spool, world.surroundings);

    reporter.send(workers::branch_requested(seven), seconds(60));

    CHECK(client.kept == 1);
}

TEST_CASE("a service that is away is asked again with growing pauses", "[workers][reporter]") {
    World world;
    ScriptedService client({unreachable(), status(503), unanswered(), status(200)});
    Reporter reporter(client, service, &world.spool, world.surroundings);

    CHECK(reporter.send(workers::branch_requested(seven), seconds(60)).outcome == Outcome::arrived);

    CHECK(world.pauses == std::vector<milliseconds>{seconds(1), seconds(2), seconds(4)});
    CHECK(client.said.size() == 4);
}

TEST_CASE("a report outlives the patience of its run, and is the first of the next",
          "[workers][reporter]") {
    World world;
    {
        ScriptedService away({unreachable()});
        Reporter reporter(away, service, &world.spool, world.surroundings);
        const auto sent = reporter.send(workers::branch_complete(seven, "r1", ""), seconds(10));
        CHECK(sent.outcome == Outcome::kept);
        CHECK(sent.words.find(world.scratch.path().string()) != std::string::npos);
        CHECK(world.pauses == std::vector<milliseconds>{seconds(1), seconds(2), seconds(4)});
    }
    REQUIRE(world.kept() == 1);

    ScriptedService back({status(200)});
    Reporter next(back, service, &world.spool, world.surroundings);
    CHECK(next.send(workers::branch_requested(seven), seconds(10)).outcome == Outcome::arrived);

    CHECK(back.said ==
          std::vector<std::string>{"mirror-complete {\"revision\":\"r1\"}", "request {}"});
    CHECK(world.kept() == 0);
}

TEST_CASE("a run that began while the service was away is told in its order, with its start",
          "[workers][reporter]") {
    World world;
    ScriptedService client(
        {unreachable(), unreachable(), status(200, R"({"attempt":"t1"})"), status(200)});
    Reporter reporter(client, service, &world.spool, world.surroundings);
    CHECK(reporter.send(workers::branch_started(seven, noon), seconds(1)).outcome == Outcome::kept);
    world.clock += std::chrono::minutes(5);

    const auto sent = reporter.send(workers::branch_complete(seven, "r1", ""), seconds(10));

    CHECK(sent.outcome == Outcome::arrived);
    REQUIRE(client.said.size() == 4);
    CHECK(client.said[0] == "mirror-start {}");
    CHECK(client.said[2] == "mirror-start {\"started\":\"2026-11-21T12:00:00Z\"}");
    CHECK(client.said[3] == "mirror-complete {\"revision\":\"r1\",\"attempt\":\"t1\"}");
    CHECK(world.kept() == 0);
}

TEST_CASE("a run that was left whole gets its attempt from the answer to its start",
          "[workers][reporter]") {
    World world;
    {
        ScriptedService away({unreachable()});
        Reporter reporter(away, service, &world.spool, world.surroundings);
        reporter.send(workers::branch_started(seven, noon), seconds(0));
        reporter.send(workers::branch_failed(seven, "why", ""), seconds(0));
    }
    REQUIRE(world.kept() == 1);

    SECTION("taken") {
        ScriptedService back({status(200, R"({"attempt":"t1"})"), status(200)});
        Reporter next(back, service, &world.spool, world.surroundings);
        CHECK(next.send_left(seconds(10)).outcome == Outcome::arrived);
        CHECK(back.said ==
              std::vector<std::string>{"mirror-start {\"started\":\"2026-11-21T12:00:00Z\"}",
                                       "mirror-failed {\"reason\":\"why\",\"attempt\":\"t1\"}"});
    }
    SECTION("its start is refused, and then the rest means nothing") {
        ScriptedService back({status(404, R"({"detail":"No branch 7."})")});
        Reporter next(back, service, &world.spool, world.surroundings);
        CHECK(next.send_left(seconds(10)).outcome == Outcome::arrived);
        CHECK(back.said.size() == 1);
        REQUIRE(world.complaints.size() == 1);
        CHECK(world.complaints[0].find("No branch 7.") != std::string::npos);
    }
    SECTION("it stays whole where the token is another's, and holds nobody up") {
        ScriptedService back({status(403), status(200)});
        Reporter next(back, service, &world.spool, world.surroundings);
        CHECK(next.send(workers::branch_requested(seven), seconds(9)).outcome == Outcome::arrived);
        CHECK(back.said ==
              std::vector<std::string>{"mirror-start {\"started\":\"2026-11-21T12:00:00Z\"}",
                                       "request {}"});
        CHECK(world.kept() == 1);
        return;
    }
    CHECK(world.kept() == 0);
}

TEST_CASE("a conflict is believed, unless an earlier try may have done it", "[workers][reporter]") {
    World world;
    const auto report = workers::branch_complete(seven, "r1", "t");
    SECTION("first try") {
        ScriptedService client({status(409)});
        Reporter reporter(client, service, &world.spool, world.surroundings);
        CHECK(reporter.send(report, seconds(60)).outcome == Outcome::refused);
    }
    SECTION("after a try that never left") {
        ScriptedService client({unreachable(), status(409)});
        Reporter reporter(client, service, &world.spool, world.surroundings);
        CHECK(reporter.send(report, seconds(60)).outcome == Outcome::refused);
    }
    SECTION("after a try without an answer") {
        ScriptedService client({unanswered(), status(409)});
        Reporter reporter(client, service, &world.spool, world.surroundings);
        CHECK(reporter.send(report, seconds(60)).outcome == Outcome::arrived);
    }
    CHECK(world.kept() == 0);
}

TEST_CASE("a token that is not good is not tried again, and nothing is lost",
          "[workers][reporter]") {
    World world;
    ScriptedService client({status(401)});
    Reporter reporter(client, service, &world.spool, world.surroundings);

    const auto sent = reporter.send(workers::branch_requested(seven), seconds(60));

    CHECK(sent.outcome == Outcome::kept);
    CHECK(sent.needs_another_token);
    CHECK(client.said.size() == 1);
    CHECK(world.kept() == 1);
    reporter.forget();
    CHECK(world.kept() == 0);
}

TEST_CASE("without a spool a report is still sent, and what is lost is said so",
          "[workers][reporter]") {
    World world;
    ScriptedService client({unreachable(), status(200)});
    Reporter reporter(client, service, nullptr, world.surroundings);
    CHECK(reporter.send(workers::branch_requested(seven), seconds(0)).outcome == Outcome::lost);
    CHECK(reporter.send(workers::branch_requested(seven), seconds(9)).outcome == Outcome::arrived);
}

TEST_CASE("a spool that cannot be written is told of, and the report is sent",
          "[workers][reporter]") {
    World world;
    ScriptedService client({status(200)});
    Reporter reporter(client, service, &world.spool, world.surroundings);
    std::filesystem::remove_all(world.scratch.path());

    CHECK(reporter.send(workers::branch_requested(seven), seconds(9)).outcome == Outcome::arrived);

    CHECK_FALSE(world.complaints.empty());
}

TEST_CASE("nothing is tried again once somebody wants it to end", "[workers][reporter]") {
    World world;
    world.surroundings.pause = [](milliseconds) { return false; };
    ScriptedService client({unreachable()});
    Reporter reporter(client, service, &world.spool, world.surroundings);

    CHECK(reporter.send(workers::branch_requested(seven), seconds(60)).outcome == Outcome::kept);

    CHECK(client.said.size() == 1);
}

TEST_CASE("a question is never kept", "[workers][reporter]") {
    World world;
    ScriptedService client({unreachable(), unreachable(), status(200, "answer")});
    Reporter reporter(client, service, &world.spool, world.surroundings);

    CHECK(reporter.ask(workers::acquire_branch({}), seconds(1)).outcome == Outcome::lost);
    CHECK(world.kept() == 0);
    CHECK(reporter.ask(workers::acquire_branch({}), seconds(1)).answer == "answer");
}
