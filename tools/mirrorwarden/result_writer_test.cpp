#include "tools/mirrorwarden/result_writer.hpp"

#include "tools/cmake/catch.hpp"
#include "tools/mirrorwarden/testing/small_world.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <atomic>
#include <exception>
#include <iterator>
#include <semaphore>
#include <string>
#include <vector>

using namespace mirrorwarden;
using namespace mirrorwarden::testing;

namespace {

model::ProbeResult result_of(model::MirrorId mirror, std::size_t rows) {
    model::ProbeResult result;
    result.mirror = mirror;
    result.record.started = noon;
    result.record.finished = noon;
    result.log_gz = "a log";
    for (std::size_t i = 0; i < rows; ++i) {
        result.rows.push_back({.bucket = {.series = "one",
                                          .pocket = model::Pocket::release,
                                          .component = "main",
                                          .architecture = "a" + std::to_string(i)},
                               .freshness = model::Freshness::unknown});
    }
    return result;
}

/// Results of these numbers of rows, each of a mirror of its own, on their way into a store
/// that is busy with the first of them until it is let go.
class Writing {
public:
    explicit Writing(const std::vector<std::size_t>& rows) {
        world_.add(small_distribution("tiny"));
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const std::string name = "m" + std::to_string(i);
            world_.add(small_mirror(name, "tiny"));
            results_.push_back(result_of(world_.state(name).id, rows[i]));
        }
    }

    /// Writes until it must wait; how many were taken.
    std::size_t write_while_busy() {
        asio::co_spawn(loop_, write_all(), [this](std::exception_ptr error) { error_ = error; });
        loop_.poll();
        return taken_;
    }

    /// Lets the store go on; the mirrors of what was stored then.
    std::vector<model::MirrorId> finish() {
        go_.release();
        loop_.run();
        if (error_) {
            std::rethrow_exception(error_);
        }
        return stored_;
    }

    std::vector<model::MirrorId> mirrors() const {
        std::vector<model::MirrorId> all;
        std::ranges::transform(results_, std::back_inserter(all), &model::ProbeResult::mirror);
        return all;
    }
    std::size_t rows_of(model::MirrorId mirror) { return world_.store().rows(mirror).size(); }
    void forget_mirror_of(std::size_t result) { results_[result].mirror = model::MirrorId{4711}; }

private:
    asio::awaitable<void> write_all() {
        for (const auto& result : results_) {
            co_await writer_.write(result);
            ++taken_;
        }
        co_await writer_.finish();
    }

    SmallWorld world_;
    std::vector<model::ProbeResult> results_;
    std::size_t taken_ = 0;
    std::vector<model::MirrorId> stored_;
    std::exception_ptr error_;
    std::binary_semaphore go_{0};
    std::atomic<bool> is_first_ = true;
    asio::io_context loop_{1};
    Worker worker_;
    ResultWriter writer_{loop_.get_executor(), worker_, world_.store(),
                         [this](model::ProbeId, const model::ProbeResult& result) {
                             stored_.push_back(result.mirror);
                         },
                         [this](std::size_t) {
                             if (is_first_.exchange(false)) {
                                 go_.acquire();
                             }
                         }};
};

}  // namespace

TEST_CASE("while many rows are stored, as many more may wait", "[tools][result_writer]") {
    std::vector<std::size_t> rows(21, 100);
    rows[0] = 4000;
    Writing writing(rows);

    const auto taken = writing.write_while_busy();
    const auto stored = writing.finish();

    CHECK(taken == 21);
    CHECK(stored == writing.mirrors());
    CHECK(writing.rows_of(stored.front()) == 4000);
    CHECK(writing.rows_of(stored.back()) == 100);
}

TEST_CASE("of what waits there is an end", "[tools][result_writer]") {
    SECTION("in results") {
        Writing writing(std::vector<std::size_t>(100, 1));

        const auto taken = writing.write_while_busy();

        CHECK(taken < 70);
        CHECK(writing.finish() == writing.mirrors());
    }
    SECTION("in rows") {
        Writing writing(std::vector<std::size_t>(10, 3000));

        const auto taken = writing.write_while_busy();

        CHECK(taken < 5);
        CHECK(writing.finish() == writing.mirrors());
    }
}

TEST_CASE("who writes hears what storing ended with", "[tools][result_writer]") {
    Writing writing(std::vector<std::size_t>(100, 1));
    writing.forget_mirror_of(40);

    writing.write_while_busy();

    CHECK_THROWS_AS(writing.finish(), model::StorageError);
}
