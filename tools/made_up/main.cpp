// made_up_year lagoon DATABASE [DAYS]: a distribution that nobody has, with fifty mirrors and a
// year of probes of them, or so many days, and a fortnight of jobs and branches. made_up_year past
// DATABASE [DAYS]: the same of probes for every mirror that is there and was never probed, up to a
// day ago, so that it may be probed for real.
// All of it is made up, and the same each time but for the dates, which end now.
#include "storage/open_store.hpp"
#include "tools/made_up/write_jobs.hpp"
#include "tools/made_up/write_year.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>

int main(int count, char** words) {
    const std::string_view what = count > 1 ? words[1] : "";
    const int length = count == 4 ? std::atoi(words[3]) : 365;
    if (count < 3 || count > 4 || (what != "lagoon" && what != "past") || length < 1 ||
        length > 365) {
        fmt::print(stderr, "Usage: made_up_year lagoon|past DATABASE [DAYS, up to 365]\n");
        return 2;
    }
    try {
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        const auto store = storage::open_store(words[2], storage::Opening::ready);
        const auto write = what == "past" ? made_up::write_past : made_up::write_lagoon;
        const std::size_t probes = write(*store, now, std::chrono::days{length});
        if (what == "lagoon") {
            made_up::write_jobs(*store, now);
        }
        fmt::print("Wrote {} probes that nobody made.\n", probes);
    } catch (const std::exception& error) {
        fmt::print(stderr, "made_up_year: {}\n", error.what());
        return 1;
    }
    return 0;
}
