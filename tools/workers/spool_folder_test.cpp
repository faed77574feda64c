#include "tools/workers/spool_folder.hpp"

#include "tools/cmake/catch.hpp"
#include "tools/workers/testing/scratch_folder.hpp"

#include <fstream>
#include <iterator>

using workers::SpoolFile;
using workers::SpoolFolder;

namespace {

const std::string service = "https://status.example.org";

workers::Report about(int branch) {
    return workers::branch_requested(model::BranchId{branch});
}

/// The files that are left, each as the numbers of its reports.
std::vector<std::vector<std::string>> left_in(const SpoolFolder& spool,
                                              const std::string& of = service) {
    std::vector<std::vector<std::string>> all;
    spool.for_each_left(
        of,
        [&](SpoolFile& file) {
            all.emplace_back();
            for (const auto& report : file.run().reports) {
                all.back().push_back(report.path);
            }
            return true;
        },
        [](std::string_view) {});
    return all;
}

std::size_t files_in(const std::filesystem::path& folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder),
                                                  std::filesystem::directory_iterator()));
}

}  // namespace

TEST_CASE("what a run leaves is found by the next, oldest first", "[workers][spool_folder]") {
    const workers::testing::ScratchFolder scratch;
    const SpoolFolder spool(scratch.path() / "a/b");
    spool.add(service).keep({about(1), about(2)});
    spool.add(service).keep({about(3)});

    CHECK(left_in(spool) == std::vector<std::vector<std::string>>{
                                {"/api/v1/branches/1/request", "/api/v1/branches/2/request"},
                                {"/api/v1/branches/3/request"}});
    CHECK(left_in(spool, "https://other.example.org").empty());
}

TEST_CASE("nobody sends what a run that lives still has", "[workers][spool_folder]") {
    const workers::testing::ScratchFolder scratch;
    const SpoolFolder spool(scratch.path());
    std::optional<SpoolFile> file(spool.add(service));
    file->keep({about(1)});
    CHECK(left_in(spool).empty());
    file->keep({about(1), about(2)});  // another file under that name
    CHECK(left_in(spool).empty());

    file.reset();

    CHECK(left_in(spool).size() == 1);
}

TEST_CASE("a file that has nothing more to say is gone", "[workers][spool_folder]") {
    const workers::testing::ScratchFolder scratch;
    const SpoolFolder spool(scratch.path());
    spool.add(service).keep({});
    auto file = spool.add(service);
    file.keep({about(1)});

    file.keep({});

    CHECK(files_in(scratch.path()) == 0);
}

TEST_CASE("a visitor changes what is left, and ends the visit", "[workers][spool_folder]") {
    const workers::testing::ScratchFolder scratch;
    const SpoolFolder spool(scratch.path());
    spool.add(service).keep({about(1), about(2)});
    spool.add(service).keep({about(3)});

    int visits = 0;
    spool.for_each_left(
        service,
        [&](SpoolFile& file) {
            ++visits;
            file.keep({file.run().reports[1]});
            return false;
        },
        [](std::string_view) {});

    CHECK(visits == 1);
    CHECK(left_in(spool).front() == std::vector<std::string>{"/api/v1/branches/2/request"});
}

TEST_CASE("a file that cannot be read is set aside, and told once", "[workers][spool_folder]") {
    const workers::testing::ScratchFolder scratch;
    const SpoolFolder spool(scratch.path());
    std::ofstream(scratch.path() / "0.spool") << "torn";
    spool.add(service).keep({about(1)});
    std::vector<std::string> told;
    const auto look = [&] {
        std::size_t seen = 0;
        spool.for_each_left(
            service, [&](SpoolFile&) { return ++seen > 0; },
            [&](std::string_view words) { told.emplace_back(words); });
        return seen;
    };

    CHECK(look() == 1);
    CHECK(look() == 1);

    REQUIRE(told.size() == 1);
    CHECK(told[0].find("0.spool.bad") != std::string::npos);
}

TEST_CASE("a file that cannot be written leaves what was there", "[workers][spool_folder]") {
    const workers::testing::ScratchFolder scratch;
    const SpoolFolder spool(scratch.path() / "spool");
    auto file = spool.add(service);
    std::filesystem::remove_all(scratch.path() / "spool");

    CHECK_THROWS_AS(file.keep({about(1)}), std::system_error);
}

TEST_CASE("what a killed process left half written goes, and only that",
          "[workers][spool_folder]") {
    namespace fs = std::filesystem;
    const workers::testing::ScratchFolder scratch;
    const SpoolFolder spool(scratch.path());
    for (const auto* const name : {"1.spool.new", "2.spool.new", "3.other"}) {
        std::ofstream(scratch.path() / name) << "half";
        fs::last_write_time(scratch.path() / name,
                            fs::file_time_type::clock::now() - std::chrono::hours(2));
    }
    fs::last_write_time(scratch.path() / "2.spool.new", fs::file_time_type::clock::now());

    CHECK(left_in(spool).empty());

    CHECK_FALSE(fs::exists(scratch.path() / "1.spool.new"));
    CHECK(fs::exists(scratch.path() / "2.spool.new"));
    CHECK(fs::exists(scratch.path() / "3.other"));
}
