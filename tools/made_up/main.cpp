// made_up_year DATABASE [DAYS]: a distribution that nobody has with fifty mirrors, and a year of
// probes (or so many days) for these and for every mirror that was not probed yet. All of it is
// made up, and the same each time but for the dates, which end now.
#include "storage/open_store.hpp"
#include "tools/made_up/write_year.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>

int main(int count, char** words) {
    const int length = count == 3 ? std::atoi(words[2]) : 365;
    if (count < 2 || count > 3 || length < 1 || length > 365) {
        fmt::print(stderr, "Usage: made_up_year DATABASE [DAYS, up to 365]\n");
        return 2;
    }
    try {
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        const auto store = storage::open_store(words[1], storage::Opening::ready);
        const std::size_t past = made_up::write_past(*store, now, std::chrono::days{length});
        const std::size_t lagoon = made_up::write_lagoon(*store, now, std::chrono::days{length});
        fmt::print("Wrote {} probes that nobody made.\n", past + lagoon);
    } catch (const std::exception& error) {
        fmt::print(stderr, "made_up_year: {}\n", error.what());
        return 1;
    }
    return 0;
}
