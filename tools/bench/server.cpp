// The fixture as a program: `bench-server --port 8100 --hosts 450 --delay 50`.
#include "tools/bench/fixture.hpp"

#include <fmt/format.h>

#include <array>
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>

namespace {

bench::HostRange to_range(const std::array<std::uint32_t, 2>& numbers) {
    return {.first = numbers[0], .end = numbers[1]};
}

int serve(int argc, const char* const* argv) {
    bench::FixtureOptions options;
    double delay_ms = 0;
    std::array<std::uint32_t, 2> swallow{};
    std::array<std::uint32_t, 2> reset{};
    std::array<std::uint32_t, 2> drip{};

    CLI::App app("Many web servers in one, for measurements. Hosts are numbered from 0.");
    app.add_option("--port", options.port)->required();
    app.add_option("--hosts", options.hosts, "how many: 127.1.0.1 and so on")->required();
    app.add_option("--delay", delay_ms, "milliseconds from a request to its answer");
    app.add_option("--swallow", swallow, "FIRST END: hosts that ignore who connects");
    app.add_option("--reset", reset, "FIRST END: hosts that reset the connection");
    app.add_option("--drip", drip, "FIRST END: hosts that answer a byte a second");
    app.add_option("--missing", options.missing, "answer 404 to requests that contain this");
    app.add_option("--certificate", options.certificate_file, "PEM file; serve https");
    app.add_option("--key", options.key_file, "PEM file of the certificate's key");
    CLI11_PARSE(app, argc, argv);

    options.delay = std::chrono::microseconds(static_cast<std::int64_t>(delay_ms * 1000));
    options.swallow = to_range(swallow);
    options.reset = to_range(reset);
    options.drip = to_range(drip);
    bench::open_fixture(std::move(options))->run();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to who has gone
    try {
        return serve(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench-server: {}\n", error.what());
        return 1;
    }
}
