// answers [--database URL] TARGET...: what the service says to a GET of each target, for tests
// in other languages: a JSON object a line (target, status, content_type, body). Without a
// database, of the world made by hand. With one and without a target, what reading it costs.

#include "storage/open_store.hpp"
#include "tools/service/testing/hand_made_world.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

/// In kilobytes, as Linux says it: "VmRSS", "VmHWM".
std::string memory(const std::string& what) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(what)) {
            return line;
        }
    }
    return {};
}

double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

void print_costs(model::Store& store, model::Timestamp now) {
    const auto begin = Clock::now();
    const auto world = service::read_world(store, now, nullptr);
    fmt::print("read all: {:.0f} ms; {}; {}\n", milliseconds_since(begin), memory("VmRSS"),
               memory("VmHWM"));
    const auto again = Clock::now();
    const auto same = service::read_world(store, now, world.get());
    fmt::print("read again: {:.0f} ms; {}; version {} and {}\n", milliseconds_since(again),
               memory("VmHWM"), world->version, same->version);
    for (const char* target : {"/api/v1/mirrors", "/api/v1/mirrors?sort=lag&limit=2000",
                               "/api/v1/events", "/mirrors.txt", "/mirrorlist", "/metrics"}) {
        const auto start = Clock::now();
        std::size_t bytes = 0;
        constexpr int rounds = 20;
        for (int i = 0; i < rounds; ++i) {
            bytes = service::testing::answer(target, *same).body.size();
        }
        fmt::print("{}: {:.2f} ms, {} bytes\n", target, milliseconds_since(start) / rounds, bytes);
    }
}

int run(std::vector<std::string> targets) {
    const auto now =
        std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    std::unique_ptr<model::Store> store;
    if (targets.size() >= 2 && targets[0] == "--database") {
        store = storage::open_store(targets[1], storage::Opening::ready);
        targets.erase(targets.begin(), targets.begin() + 2);
        if (targets.empty()) {
            print_costs(*store, now);
        }
    }
    const auto world =
        store ? service::read_world(*store, now, nullptr) : service::testing::hand_made_world();
    for (const std::string& target : targets) {
        const auto response = service::testing::answer(target, *world, store.get());
        const nlohmann::json json = {{"target", target},
                                     {"status", response.status},
                                     {"content_type", response.content_type},
                                     {"body", response.body}};
        fmt::print("{}\n", json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    }
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        return run({arguments + 1, arguments + count});
    } catch (const std::exception& e) {
        fmt::print(stderr, "answers: {}\n", e.what());
        return 1;
    }
}
