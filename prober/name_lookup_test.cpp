#include "prober/name_lookup.hpp"

#include "tools/cmake/catch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>

using namespace std::chrono_literals;
using model::OutcomeKind;
using prober::NameAnswer;
using prober::NameLookup;

namespace {

namespace asio = boost::asio;

/// A resolver that counts, and that waits until it is told to go on.
struct Resolver {
    std::mutex mutex;
    std::condition_variable changed;
    bool is_open = true;
    int running = 0;
    int running_max = 0;
    int asked = 0;

    NameAnswer resolve(const std::string& name) {
        std::unique_lock lock(mutex);
        ++asked;
        running_max = std::max(running_max, ++running);
        changed.wait(lock, [this] { return is_open; });
        --running;
        if (name.ends_with(".invalid")) {
            return {.addresses = {}, .failure = OutcomeKind::name_not_resolved, .detail = "no"};
        }
        return {.addresses = {"127.0.0.1"}, .failure = {}, .detail = {}};
    }
    void open() {
        const std::lock_guard lock(mutex);
        is_open = true;
        changed.notify_all();
    }
};

struct Fixture {
    asio::io_context context{1};
    std::shared_ptr<Resolver> resolver = std::make_shared<Resolver>();
    NameLookup lookup;
    std::vector<NameAnswer> answers;

    explicit Fixture(NameLookup::Limits limits = {.timeout = 10s, .lookups_max = 2})
        : lookup{context.get_executor(), limits, [resolver = resolver](const std::string& name) {
                     return resolver->resolve(name);
                 }} {}

    void ask(const std::string& name) {
        asio::co_spawn(context, lookup.look_up(name),
                       [this](std::exception_ptr, NameAnswer answer) {
                           answers.push_back(std::move(answer));
                       });
    }
};

}  // namespace

TEST_CASE("a name is looked up once, whoever asks and however often", "[prober][name_lookup]") {
    Fixture fixture;
    fixture.ask("a.example");
    fixture.ask("a.example");
    fixture.context.run();
    fixture.ask("a.example");
    fixture.context.restart();
    fixture.context.run();

    REQUIRE(fixture.answers.size() == 3);
    CHECK(fixture.answers.back().addresses == std::vector<std::string>{"127.0.0.1"});
    CHECK(fixture.resolver->asked == 1);
}

TEST_CASE("a failed lookup is remembered too", "[prober][name_lookup]") {
    Fixture fixture;
    fixture.ask("gone.invalid");
    fixture.context.run();
    fixture.ask("gone.invalid");
    fixture.context.restart();
    fixture.context.run();

    REQUIRE(fixture.answers.size() == 2);
    CHECK(fixture.answers.back().failure == OutcomeKind::name_not_resolved);
    CHECK(fixture.resolver->asked == 1);
}

TEST_CASE("no more names are looked up at once than is allowed", "[prober][name_lookup]") {
    Fixture fixture;
    for (int i = 0; i < 20; ++i) {
        fixture.ask("host" + std::to_string(i) + ".example");
    }

    fixture.context.run();

    CHECK(fixture.answers.size() == 20);
    CHECK(fixture.resolver->asked == 20);
    CHECK(fixture.resolver->running_max <= 2);
}

TEST_CASE("a lookup that takes too long is a name that does not resolve", "[prober][name_lookup]") {
    Fixture fixture({.timeout = 50ms, .lookups_max = 2});
    fixture.resolver->is_open = false;
    fixture.ask("slow.example");

    fixture.context.run();
    fixture.resolver->open();

    REQUIRE(fixture.answers.size() == 1);
    CHECK(fixture.answers.front().failure == OutcomeKind::name_not_resolved);
    CHECK_FALSE(fixture.answers.front().detail.empty());
}

TEST_CASE("cancelling answers who waits, in the queue too", "[prober][name_lookup]") {
    Fixture fixture;
    fixture.resolver->is_open = false;
    for (const auto* name : {"a.example", "b.example", "c.example"}) {
        fixture.ask(name);
    }
    fixture.context.poll();

    fixture.lookup.cancel();
    fixture.ask("d.example");
    fixture.context.run();
    fixture.resolver->open();

    REQUIRE(fixture.answers.size() == 4);
    for (const auto& answer : fixture.answers) {
        CHECK(answer.failure == OutcomeKind::cancelled);
    }
}

TEST_CASE("the system's resolver knows this machine and no other", "[prober][name_lookup]") {
    CHECK_FALSE(prober::resolve_with_system("localhost").addresses.empty());

    const auto unknown = prober::resolve_with_system("no-such-host.invalid");
    CHECK(unknown.addresses.empty());
    CHECK(unknown.failure == OutcomeKind::name_not_resolved);
    CHECK(unknown.detail.find("no-such-host.invalid") != std::string::npos);
}
