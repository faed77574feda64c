#include "model/store.hpp"
#include "storage/sql_store.hpp"
#include "storage/testing/backends.hpp"
#include "storage/testing/interrupted_database.hpp"
#include "tools/cmake/catch.hpp"
#include "tools/service/caller.hpp"
#include "tools/service/job_answers.hpp"
#include "tools/service/router.hpp"
#include "tools/service/testing/hand_made_world.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

using namespace service;
using namespace service::testing;
using namespace std::chrono_literals;
using model::Branch;
using model::ScriptActivity;
using nlohmann::json;

namespace {

ScriptActivity run(const std::string& name, std::chrono::seconds ago,
                   std::chrono::milliseconds length = 90s) {
    return {
        .name = name, .host = "prober-1", .started = noon - ago - length, .completed = noon - ago};
}

/// Of that number, mirrored, and nothing known of it.
Branch branch(int number) {
    return {.id = model::BranchId{number},
            .name = "branch-" + std::to_string(number),
            .url = "https://secret.example.org/"};
}

Branch due(int number, std::chrono::seconds ago) {
    Branch one = branch(number);
    one.mirroring.next_mirror_time = noon - ago;
    return one;
}

Branch failing(int number, int failures) {
    Branch one = branch(number);
    one.mirroring.mirror_failures = failures;
    one.mirroring.mirror_status_message = "secret <b>words</b>";
    return one;
}

Branch under_way(int number, std::chrono::seconds ago) {
    Branch one = branch(number);
    one.mirroring.last_mirror_attempt = noon - ago;
    one.mirroring.attempt =
        model::MirrorAttempt{.token = "secret", .worker = "secret", .lease_end = noon - ago + 1h};
    return one;
}

std::vector<int> numbers(const BranchList& list) {
    std::vector<int> all;
    for (const Branch& one : list.first) {
        all.push_back(static_cast<int>(model::to_integer(one.id)));
    }
    return all;
}

JobsPicture picture_of(const std::vector<ScriptActivity>& runs, std::vector<Branch> branches) {
    JobsPicture picture;
    picture.read_at = noon;
    if (!runs.empty()) {
        picture.jobs = reports::job_histories({&runs.back(), 1}, runs, noon);
    }
    picture.branches = branch_picture(branches, noon);
    return picture;
}

const Caller anyone{};
const Caller admin = [] {
    Caller caller;
    caller.kind = Caller::Kind::admin;
    caller.name = "alice";
    return caller;
}();

std::string page_text(const JobsPicture& picture, const Caller& caller = anyone,
                      const Request& request = {}) {
    const auto response = show_jobs_page(request, *hand_made_world(), picture, caller);
    REQUIRE(response.status == 200);
    CHECK(response.keeping == Keeping::nowhere);
    return response.body;
}

bool says(const std::string& text, std::string_view words) {
    return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("branches are under way, due or failing, the most urgent first", "[service][jobs]") {
    Branch remote = due(9, 5h);
    remote.type = model::BranchType::remote;
    const std::vector<Branch> branches = {
        branch(1),     due(2, 1h),    due(3, 0s), due(4, -1s),          due(5, 2h),
        failing(6, 1), failing(7, 4), remote,     under_way(10, 10min), under_way(11, 20min)};

    const auto picture = branch_picture(branches, noon);

    CHECK(picture.total == branches.size());
    CHECK(numbers(picture.due) == std::vector{5, 2, 3});
    CHECK(numbers(picture.failing) == std::vector{7, 6});
    CHECK(numbers(picture.under_way) == std::vector{11, 10});
}

TEST_CASE("of many branches the first are shown, and how many there are", "[service][jobs]") {
    std::vector<Branch> branches;
    for (int number = 1; number <= 60; ++number) {
        branches.push_back(due(number, std::chrono::seconds{number}));
    }

    const auto picture = picture_of({}, branches);

    CHECK(picture.branches.due.total == 60);
    CHECK(picture.branches.due.first.size() == branches_shown);
    CHECK(says(page_text(picture), "Due: 60"));
    CHECK(says(page_text(picture), "The first 50."));
}

TEST_CASE("the JSON of jobs says when each ran last, and what is late", "[service][jobs]") {
    const auto picture = picture_of({run("probe", 60h), run("probe", 36h), run("probe", 12h)}, {});

    const auto response = list_jobs({}, picture, anyone);

    CHECK(response.content_type == "application/json");
    CHECK(json::parse(response.body) ==
          json::parse(R"({"read_at": "2026-01-10T12:00:00Z", "total": 1, "jobs": [{
              "name": "probe", "host": "prober-1", "last_started": "2026-01-09T23:58:30Z",
              "last_completed": "2026-01-10T00:00:00Z", "duration_ms": 90000, "runs": 3,
              "usual_pause": 86400, "expected_by": "2026-01-11T06:00:00Z", "late": false}],
              "branches": {"total": 0, "due": {"total": 0, "branches": []},
              "under_way": {"total": 0, "branches": []},
              "failing": {"total": 0, "branches": []}}})"));
}

TEST_CASE("nobody can tell whether a job is late that ran once", "[service][jobs]") {
    const auto response = list_jobs({}, picture_of({run("probe", 100h)}, {}), anyone);

    const auto job = json::parse(response.body).at("jobs").at(0);
    CHECK(job.at("late").is_null());
    CHECK(job.at("expected_by").is_null());
    CHECK(job.at("usual_pause").is_null());
}

TEST_CASE("what workers said of a failure is for admins", "[service][jobs]") {
    const auto picture = picture_of({}, {failing(1, 2), under_way(2, 1min)});

    CHECK_FALSE(says(list_jobs({}, picture, anyone).body, "secret"));
    CHECK_FALSE(says(page_text(picture, anyone), "secret"));
    CHECK(says(list_jobs({}, picture, admin).body, "secret <b>words</b>"));
    CHECK(says(page_text(picture, admin), "secret &lt;b&gt;words&lt;/b&gt;"));
    // Nobody is shown where it comes from, or who works on it and by what right.
    CHECK_FALSE(says(page_text(picture, admin), "secret.example.org"));
    CHECK_FALSE(says(list_jobs({}, picture, admin).body, "\"secret\""));
}

TEST_CASE("the page of jobs says what is late, and plots how long jobs took", "[service][jobs]") {
    const auto text = page_text(
        picture_of({run("probe", 90h, 2min), run("probe", 66h), run("probe", 42h, 3s)}, {}));

    CHECK(says(text, "1 jobs, 1 late"));
    CHECK(says(text, "<span class=\"bad\">late</span>"));
    CHECK(says(text, "<svg class=\"plot\""));
    CHECK(says(text, "newest 3 s, least 3 s, greatest 2 min"));
    CHECK_FALSE(says(text, "{{"));
    CHECK_FALSE(says(text, "style="));
}

TEST_CASE("the name of a job is text", "[service][jobs]") {
    const auto text = page_text(picture_of({run("<script>&\"", 1h)}, {}));

    CHECK_FALSE(says(text, "<script>&\""));
    CHECK(says(text, "&lt;script&gt;"));
    CHECK(says(text, "name=%3Cscript%3E%26%22&amp;host=prober-1"));
}

TEST_CASE("one job's durations are plotted where it is asked for", "[service][jobs]") {
    auto picture = picture_of({run("probe", 1h)}, {});
    auto other = picture.jobs.front();
    other.last.name = "pull";
    picture.jobs.push_back(other);
    Request request;
    request.query = {{"name", "pull"}, {"host", "prober-1"}};

    const auto text = page_text(picture, anyone, request);

    CHECK(says(text, "<strong>pull on prober-1</strong>"));
    CHECK_FALSE(says(text, "<strong>probe on prober-1</strong>"));
}

TEST_CASE("without jobs or branches the page says how they come", "[service][jobs]") {
    const auto text = page_text(picture_of({}, {}));

    CHECK(says(text, "None yet."));
    CHECK_FALSE(says(text, "branches</h2>"));
}

TEST_CASE("a parameter that there is not is refused", "[service][jobs]") {
    Request request;
    request.query = {{"colour", "red"}};

    CHECK(list_jobs(request, picture_of({}, {}), anyone).status == 400);
    CHECK(show_jobs_page(request, *hand_made_world(), picture_of({}, {}), anyone).status == 400);
}

TEST_CASE("who asks again within a second costs the database nothing", "[service][jobs]") {
    const auto database = storage::testing::make_database("sqlite");
    const auto store = database->open();
    store->record_script(run("probe", 1h));
    JobsWatch watch;
    const auto first = watch.at(*store, noon);
    store->record_script(run("pull", 1h));

    CHECK(first->jobs.size() == 1);
    CHECK(watch.at(*store, noon + 1s) == first);
    CHECK(watch.at(*store, noon + 10min)->jobs.size() == 2);
    // A clock that was set back keeps nobody waiting.
    CHECK(watch.at(*store, noon - 1h)->read_at == noon - 1h);
}

TEST_CASE("a run of a clock that was ahead hides no job that is late", "[service][jobs]") {
    const auto database = storage::testing::make_database("sqlite");
    const auto store = database->open();
    for (const auto ago : {24h * 7, 24h * 6, 24h * 5, 24h * 4, 24h * -1'000, 24h * 3}) {
        store->record_script(run("probe", ago));
    }

    const auto picture = read_jobs(*store, noon);

    REQUIRE(picture.jobs.size() == 1);
    CHECK(picture.jobs[0].last == run("probe", 24h * 3));
    CHECK(picture.jobs[0].runs.size() == 5);
    CHECK(picture.jobs[0].is_late);
    CHECK(read_world(*store, noon, nullptr)->scripts == std::vector{run("probe", 24h * 3)});
}

TEST_CASE("a reading that failed keeps nobody from the next one", "[service][jobs]") {
    const auto database = storage::testing::make_database("sqlite");
    const auto store = database->open();
    storage::SqlStore failing(std::make_unique<storage::testing::InterruptedDatabase>(
        database->connect(), [] { throw model::StorageError("gone"); }));
    store->record_script(run("probe", 1h));
    JobsWatch watch;
    CHECK(watch.at(*store, noon)->jobs.size() == 1);

    CHECK_THROWS_AS(watch.at(failing, noon + 10min), model::StorageError);

    store->record_script(run("pull", 1h));
    CHECK(watch.at(*store, noon + 10min)->jobs.size() == 2);
}
