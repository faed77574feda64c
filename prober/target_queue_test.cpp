#include "prober/target_queue.hpp"

#include "tools/cmake/catch.hpp"

#include <algorithm>
#include <memory>
#include <vector>

using prober::Target;
using prober::TargetQueue;
using Targets = std::vector<Target>;

namespace {

TargetQueue queue_of(Targets targets) {
    return TargetQueue(std::make_shared<const Targets>(std::move(targets)));
}

Targets rest_of(TargetQueue& queue) {
    Targets rest;
    while (queue.left() > 0) {
        rest.push_back(queue.begin());
    }
    return rest;
}

Targets spared_of(const TargetQueue& queue, Target last) {
    Targets spared;
    for (Target target = 0; target <= last; ++target) {
        if (queue.is_spared(target)) {
            spared.push_back(target);
        }
    }
    return spared;
}

bool is_even(Target target) {
    return target % 2 == 0;
}

}  // namespace

TEST_CASE("targets are handed out in their order", "[prober][target_queue]") {
    auto queue = queue_of({1, 2, 5});
    CHECK(queue.left() == 3);
    CHECK(rest_of(queue) == Targets{1, 2, 5});
    CHECK(queue.begun() == 3);
    CHECK(rest_of(queue).empty());
}

TEST_CASE("what is held comes when it is decided, what is spared does not",
          "[prober][target_queue]") {
    auto queue = queue_of({1, 2, 3, 4, 6, 8});
    queue.hold(is_even);
    CHECK(queue.has_held());
    CHECK(rest_of(queue) == Targets{1, 3});

    queue.decide([](Target target) { return target > 3; });
    CHECK_FALSE(queue.has_held());
    CHECK(rest_of(queue) == Targets{2});
    CHECK(spared_of(queue, 8) == Targets{4, 6, 8});
    CHECK(queue.spared() == 3);

    queue.ask_spared();
    CHECK(spared_of(queue, 8).empty());
    CHECK(queue.spared() == 0);
    CHECK(rest_of(queue) == Targets{4, 6, 8});
    CHECK(queue.begun() == 6);
}

TEST_CASE("what was spared after all comes with what was not handed out yet, each once",
          "[prober][target_queue]") {
    auto queue = queue_of({1, 2, 3, 4, 5});
    queue.hold(is_even);
    CHECK(queue.begin() == 1);
    queue.decide([](Target target) { return target == 2; });
    CHECK(queue.left() == 3);

    queue.ask_spared();

    CHECK(queue.left() == 4);
    auto rest = rest_of(queue);
    std::ranges::sort(rest);
    CHECK(rest == Targets{2, 3, 4, 5});
}

TEST_CASE("a queue that has ended hands out nothing", "[prober][target_queue]") {
    auto queue = queue_of({1, 2, 3, 4});
    queue.hold(is_even);
    CHECK(queue.begin() == 1);

    queue.end();

    CHECK(queue.left() == 0);
    CHECK_FALSE(queue.has_held());
    queue.ask_spared();
    CHECK(queue.left() == 0);
}
