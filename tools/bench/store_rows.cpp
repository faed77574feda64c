// How many rows a second the program's own storage takes: a result for each
// mirror, with rows, record and log, one or some in a transaction.
#include "model/catalog_file.hpp"
#include "model/store.hpp"
#include "storage/open_store.hpp"

#include <fmt/format.h>

#include <chrono>
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

constexpr std::size_t log_bytes_per_row = 10;  // of a log as real runs write it, compressed

model::Catalog read_catalog(const std::string& file) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    auto catalog = model::parse_catalog(text.str());
    if (!in || !catalog) {
        throw std::runtime_error("cannot use the catalogue " + file);
    }
    return std::move(*catalog);
}

model::ProbeResult make_result(model::MirrorId mirror, const std::vector<model::Bucket>& buckets,
                               model::Freshness freshness) {
    const model::Timestamp moment{std::chrono::seconds(1'700'000'000)};
    model::ProbeResult result;
    result.mirror = mirror;
    result.record.started = moment;
    result.record.finished = moment + std::chrono::seconds(60);
    result.record.requests = static_cast<std::uint32_t>(buckets.size());
    result.record.expected = result.record.requests;
    result.record.found = result.record.requests;
    result.record.outcomes = {{"ok", result.record.requests}};
    for (const auto& bucket : buckets) {
        result.rows.push_back({.bucket = bucket, .freshness = freshness});
    }
    result.log_gz = std::string(buckets.size() * log_bytes_per_row, '\x1f');
    return result;
}

struct Work {
    std::vector<model::StoredMirror> mirrors;
    std::vector<model::Bucket> buckets;
    std::size_t mirrors_per_transaction = 1;
};

std::chrono::duration<double> store_all(model::Store& store, const Work& work,
                                        model::Freshness freshness) {
    std::chrono::duration<double> taken{};
    std::vector<model::ProbeResult> results;
    for (const auto& mirror : work.mirrors) {
        results.push_back(make_result(mirror.state.id, work.buckets, freshness));
        if (results.size() == work.mirrors_per_transaction || &mirror == &work.mirrors.back()) {
            const auto began = std::chrono::steady_clock::now();
            store.record_probes(results);
            taken += std::chrono::steady_clock::now() - began;
            results.clear();
        }
    }
    return taken;
}

int measure(int argc, const char* const* argv) {
    std::string database;
    std::string catalog;
    CLI::App app("Stores a result for each mirror of a catalogue, twice: new rows, changed rows.");
    app.add_option("DATABASE", database, "sqlite:PATH (new) or postgresql://...")->required();
    app.add_option("CATALOG", catalog, "with one distribution")->required();
    Work work;
    app.add_option("--mirrors-per-transaction", work.mirrors_per_transaction)
        ->check(CLI::PositiveNumber);
    CLI11_PARSE(app, argc, argv);

    const auto store = storage::open_store(database, storage::Opening::ready);
    const auto loaded =
        store->load_catalog(read_catalog(catalog), {.who = "bench", .when = {}, .why = {}});
    if (!loaded) {
        throw std::runtime_error(loaded.error().detail);
    }
    work.mirrors = store->mirrors({});
    work.buckets =
        model::expected_buckets(store->distributions().front(), {}, model::Expectation::usual);
    const auto rows = work.mirrors.size() * work.buckets.size();
    const auto added = store_all(*store, work, model::Freshness::unknown);
    const auto changed = store_all(*store, work, model::Freshness::up);
    fmt::print("{{\"rows\": {}, \"seconds\": {}, \"changed_seconds\": {}}}\n", rows, added.count(),
               changed.count());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return measure(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench-store-rows: {}\n", error.what());
        return 1;
    }
}
