#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

#include <stdexcept>

using namespace storage::testing;
using namespace std::chrono_literals;
using model::Branch;
using model::BranchId;
using model::BranchType;
using model::Refusal;

namespace {

Branch due(const std::string& name, model::Timestamp when) {
    return {.name = name,
            .url = "https://git.example.org/" + name,
            .type = BranchType::mirrored,
            .mirroring = {.next_mirror_time = when}};
}

}  // namespace

TEST_CASE("a branch is kept with all that is known of it", "[storage][branches]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    Branch branch{
        .name = "gcc/main",
        .url = "https://gcc.gnu.org/git/gcc.git",
        .type = BranchType::imported,
        .mirroring = {.last_mirror_attempt = new_year,
                      .last_mirrored = new_year - 6h,
                      .last_mirrored_id = "0123abcd",
                      .mirror_failures = 3,
                      .mirror_status_message = "no such host",
                      .next_mirror_time = new_year + 1us,
                      .attempt = model::MirrorAttempt{
                          .token = "t", .worker = "puller-1", .lease_end = new_year + 1h}}};

    const auto id = database->open()->add_branch(branch);

    REQUIRE(id.has_value());
    branch.id = *id;
    const auto store = database->open();
    CHECK(store->branch(*id) == branch);
    CHECK(store->branch("gcc/main") == branch);
    CHECK(store->branches() == std::vector{branch});
    CHECK(store->branch(BranchId{99}) == std::nullopt);
    CHECK(store->branch("gcc") == std::nullopt);
}

TEST_CASE("a branch of which nothing was reported is empty", "[storage][branches]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();

    const auto id = *store->add_branch({.name = "new", .url = "u", .type = BranchType::remote});

    CHECK(store->branch(id)->mirroring == model::BranchMirroring{});
    CHECK(store->branch(id)->type == BranchType::remote);
}

TEST_CASE("two branches of one name are refused", "[storage][branches]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    REQUIRE(store->add_branch(due("taken", new_year)).has_value());

    const auto again = store->add_branch(due("taken", new_year));

    REQUIRE(again.has_error());
    CHECK(again.error().kind == Refusal::Kind::name_taken);
    CHECK(again.error().detail == "Branch 1 has the name \"taken\" already.");
    CHECK(store->branches().size() == 1);
}

TEST_CASE("a change of a branch is kept, and one that is refused changes nothing",
          "[storage][branches]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    const auto id = *store->add_branch(due("b", new_year));
    const model::MirrorReport report{.worker = "w", .token = "t", .when = new_year};

    const auto started = store->change_branch(
        id, [&](const Branch& branch) { return model::start_mirroring(branch, report, 1h); });
    const auto refused = store->change_branch(id, [&](const Branch& branch) {
        return model::complete_mirroring(branch,
                                         {.worker = "w", .token = "other", .when = new_year}, "1");
    });

    REQUIRE(started.has_value());
    REQUIRE(started->has_value());
    CHECK((**started).last_mirror_attempt == new_year);
    CHECK(store->branch(id)->mirroring == **started);
    REQUIRE(refused.has_value());
    REQUIRE(refused->has_error());
    CHECK(refused->error().kind == model::BranchRefusal::Kind::stale_attempt);
    CHECK_FALSE(
        store
            ->change_branch(BranchId{99},
                            [](const Branch& b) -> model::BranchResult { return b.mirroring; })
            .has_value());
}

TEST_CASE("a change of a branch that fails leaves it as it was", "[storage][branches]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    const auto id = *store->add_branch(due("b", new_year));
    const auto before = store->branch(id);

    CHECK_FALSE(error_of([&] {
                    store->change_branch(id, [](const Branch& branch) -> model::BranchResult {
                        auto mirroring = branch.mirroring;
                        mirroring.last_mirrored_id = std::string("a\0b", 3);  // cannot be stored
                        mirroring.mirror_failures = 9;
                        return mirroring;
                    });
                }).empty());
    CHECK_THROWS_AS(store->change_branch(id,
                                         [](const Branch&) -> model::BranchResult {
                                             throw std::runtime_error("no memory");
                                         }),
                    std::runtime_error);

    CHECK(store->branch(id) == before);
    CHECK(database->open()->branch(id) == before);
}

TEST_CASE("who waits for changes is told of what workers report", "[storage][branches]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    const auto watcher = database->open();
    store->add_branch(due("b", new_year));
    watcher->wait_for_change(0ms);

    REQUIRE(store->acquire_branch(model::pulled_types, {"w", "t", new_year}, 1h).has_value());

    CHECK(watcher->wait_for_change(10s));
    watcher->wait_for_change(0ms);
    CHECK_FALSE(store->acquire_branch(model::pulled_types, {"w", "t", new_year}, 1h).has_value());
    CHECK(store->end_leases(new_year).empty());
    CHECK_FALSE(watcher->wait_for_change(0ms));  // who asks in vain wakes nobody
}

TEST_CASE("a branch does not wait until a time that a clock made which was ahead",
          "[storage][branches]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    store->add_branch(due("paused", new_year + 48h));
    const auto ahead = *store->add_branch(due("ahead", new_year + 4 * 365 * 24h));
    const auto old = *store->add_branch(due("old", new_year - 2s));

    const auto queue = store->due_branches(model::pulled_types, new_year, 9);

    REQUIRE(queue.size() == 2);
    CHECK(queue[0].id == old);
    CHECK(queue[1].id == ahead);
}

TEST_CASE("the longest-due branch is acquired first, and started", "[storage][branches]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    const auto young = *store->add_branch(due("young", new_year - 1s));
    const auto old = *store->add_branch(due("old", new_year - 2s));
    const auto also_old = *store->add_branch(due("also old", new_year - 2s));
    store->add_branch(due("not due", new_year + 1us));
    store->add_branch({.name = "never", .url = "u", .type = BranchType::mirrored});
    auto remote = due("remote", new_year - 9h);
    remote.type = BranchType::remote;
    store->add_branch(remote);
    auto hosted = due("hosted", new_year - 9h);
    hosted.type = BranchType::hosted;
    const auto pushed = *store->add_branch(hosted);
    const auto acquire = [&](std::span<const BranchType> types) {
        const auto found =
            store->acquire_branch(types, {.worker = "w", .token = "t", .when = new_year}, 1h);
        return found ? found->id : BranchId{};
    };
    const std::vector all{BranchType::hosted, BranchType::mirrored, BranchType::imported,
                          BranchType::remote};

    const auto queue = store->due_branches(model::pulled_types, new_year, 9);

    REQUIRE(queue.size() == 3);
    CHECK(queue[0].id == old);
    CHECK(queue[1].id == also_old);
    CHECK(queue[2].id == young);
    CHECK(store->due_branches(model::pulled_types, new_year, 2).size() == 2);
    CHECK(store->due_branches({}, new_year, 9).empty());
    CHECK(acquire(model::pulled_types) == old);
    CHECK(acquire(model::pulled_types) == also_old);
    CHECK(acquire(model::pulled_types) == young);
    CHECK(acquire(model::pulled_types) == BranchId{});
    CHECK(acquire(all) == pushed);
    CHECK(acquire(all) == BranchId{});
    CHECK(store->due_branches(all, new_year, 9).empty());
    const auto started = store->branch(old)->mirroring;
    CHECK(started.last_mirror_attempt == new_year);
    CHECK(started.next_mirror_time == std::nullopt);
    CHECK(started.attempt == model::MirrorAttempt{"t", "w", new_year + 1h});
}

TEST_CASE("a branch that is under way is acquired by nobody else, whoever asks for it",
          "[storage][branches]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    const auto id = *store->add_branch(due("b", new_year));
    const auto acquire = [&](const char* token) {
        return store->acquire_branch(model::pulled_types, {"w", token, new_year + 1min}, 1h);
    };
    REQUIRE(acquire("first").has_value());

    REQUIRE(
        store
            ->change_branch(
                id, [](const Branch& branch) { return model::request_mirroring(branch, new_year); })
            ->has_value());

    CHECK(store->branch(id)->mirroring.next_mirror_time == new_year);
    CHECK(store->due_branches(model::pulled_types, new_year + 1min, 9).empty());
    CHECK_FALSE(acquire("second").has_value());
    REQUIRE(
        store
            ->change_branch(
                id,
                [](const Branch& branch) {
                    return model::complete_mirroring(branch, {"w", "first", new_year + 2min}, "1");
                })
            ->has_value());
    CHECK(acquire("second").has_value());
}

TEST_CASE("a lease that is over is a failure, and the branch can be acquired again",
          "[storage][branches]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    const auto id = *store->add_branch(due("b", new_year));
    const auto acquire = [&](model::Timestamp when) {
        return store->acquire_branch(model::pulled_types,
                                     {.worker = "w", .token = "t", .when = when}, 1h);
    };
    REQUIRE(acquire(new_year).has_value());

    CHECK(store->end_leases(new_year + 1h - 1us).empty());
    const auto ended = store->end_leases(new_year + 1h);

    REQUIRE(ended.size() == 1);
    CHECK(ended[0] == store->branch(id));
    CHECK(ended[0].mirroring.mirror_failures == 1);
    CHECK(ended[0].mirroring.mirror_status_message == "no report within 60 minutes");
    CHECK(ended[0].mirroring.next_mirror_time == new_year + 7h);
    CHECK(store->end_leases(new_year + 2h).empty());
    CHECK_FALSE(acquire(new_year + 6h).has_value());
    CHECK(acquire(new_year + 7h).has_value());
}
