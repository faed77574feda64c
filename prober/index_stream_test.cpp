#include "prober/index_stream.hpp"

#include "prober/sha256_hasher.hpp"
#include "prober/testing/gzip.hpp"
#include "tools/cmake/catch.hpp"

#include <string>
#include <sys/resource.h>
#include <vector>

using prober::Compression;
using prober::IndexStream;
using prober::testing::gzip;
using Kind = prober::IndexFault::Kind;

namespace {

constexpr IndexStream::Limits limits{.inflate = {.bytes_max = 1U << 28U,
                                                 .inflated_bytes_max = 1U << 30U,
                                                 .ratio_max = 200,
                                                 .window_bytes_max = 64U << 20U},
                                     .stanza_bytes_max = 1U << 20U};

std::string stanza(int number) {
    const auto name = "package" + std::to_string(number);
    return "Package: " + name + "\nVersion: 1-" + std::to_string(number) + "\nFilename: pool/" +
           name + ".deb\nSize: " + std::to_string(number) + "\n\n";
}

struct Read {
    boost::system::result<prober::IndexSummary, prober::IndexFault> result;
    std::vector<std::string> names;
};

Read read(Compression compression, std::string_view bytes, std::size_t chunk,
          IndexStream::Limits bounds = limits) {
    std::vector<std::string> names;
    IndexStream stream(
        compression, model::IndexKind::packages, bounds,
        [&](const model::IndexPackage& package) { names.emplace_back(package.name); });
    for (std::size_t at = 0; at < bytes.size() && stream.feed(bytes.substr(at, chunk));
         at += chunk) {
    }
    return {stream.finish(), names};
}

long peak_memory_kb() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

}  // namespace

TEST_CASE("an index is hashed as it came and as it was packed", "[prober][index_stream]") {
    const auto text = stanza(1) + stanza(2) + stanza(3);
    const auto packed = gzip(text);
    const std::size_t chunk = GENERATE(1U, 13U, 100'000U);

    const auto [result, names] = read(Compression::gzip, packed, chunk);

    REQUIRE(result.has_value());
    CHECK(names == std::vector<std::string>{"package1", "package2", "package3"});
    CHECK(result->packages == 3);
    CHECK(result->bytes == packed.size());
    CHECK(result->sha256 == prober::sha256_of(packed));
    CHECK(result->inflated_bytes == text.size());
    CHECK(result->inflated_sha256 == prober::sha256_of(text));
}

TEST_CASE("an index of nothing is an index", "[prober][index_stream]") {
    const auto plain = read(Compression::plain, "", 10);
    const auto packed = read(Compression::gzip, gzip(""), 10);

    REQUIRE(plain.result.has_value());
    CHECK(plain.result->packages == 0);
    REQUIRE(packed.result.has_value());
    CHECK(packed.result->inflated_sha256 == prober::sha256_of(""));
}

TEST_CASE("what is wrong with an index has a name", "[prober][index_stream]") {
    const auto packed = gzip(stanza(1) + stanza(2));
    auto changed = packed;
    changed[changed.size() - 6] ^= '\x01';
    const auto& [bytes, kind, what] = GENERATE_REF(table<std::string, Kind, std::string>({
        {packed.substr(0, packed.size() - 1), Kind::truncated, "truncated"},
        {packed + "garbage", Kind::trailing_garbage, "garbage"},
        {stanza(1), Kind::wrong_format, "it is not gzip"},
        {changed, Kind::corrupt, "corrupt"},
        {gzip(std::string(50U << 20U, 'x')), Kind::bomb, "it is a bomb"},
        {gzip("<html>\n"), Kind::wrong_text, "line 1"},
        {gzip(stanza(1) + "Package: x\n\n"), Kind::wrong_package, "line 6: there is no field"},
    }));

    const auto [result, names] = read(Compression::gzip, bytes, 4096);

    REQUIRE(result.has_error());
    INFO(result.error().what);
    CHECK(result.error().kind == kind);
    CHECK(result.error().what.find(what) != std::string::npos);
}

TEST_CASE("an index larger than allowed is not read on", "[prober][index_stream]") {
    auto bounds = limits;
    bounds.inflate.bytes_max = 10;

    const auto [result, names] = read(Compression::plain, stanza(1), 4, bounds);

    REQUIRE(result.has_error());
    CHECK(result.error().kind == Kind::too_large);
}

TEST_CASE("neither a stanza of 100 MB nor a field without end costs memory",
          "[prober][index_stream]") {
    const std::string piece = GENERATE(std::string(" a line that goes on\n"), std::string("x"));
    std::string chunk = "Package: endless\nDescription: x\n";
    const auto before_kb = peak_memory_kb();
    IndexStream stream(Compression::plain, model::IndexKind::packages, limits,
                       [](const model::IndexPackage&) {});

    std::size_t fed = 0;
    while (fed < (100U << 20U) && stream.feed(chunk)) {
        fed += chunk.size();
        if (chunk.size() < 65'536) {
            chunk.clear();
            while (chunk.size() < 65'536) {
                chunk += piece;
            }
        }
    }
    const auto result = stream.finish();

    REQUIRE(result.has_error());
    CHECK(result.error().kind == Kind::wrong_text);
    CHECK(fed <= (2U << 20U));
    CHECK(peak_memory_kb() - before_kb < 16L * 1024);
}

TEST_CASE("memory does not grow with the index", "[prober][index_stream]") {
    // A member of gzip again and again: 200 MB of packages out of a few hundred KB.
    std::string text;
    for (int number = 0; text.size() < 1'000'000; ++number) {
        text += stanza(number);
    }
    const auto packed = gzip(text);
    IndexStream stream(Compression::gzip, model::IndexKind::packages, limits,
                       [](const model::IndexPackage&) {});
    REQUIRE(stream.feed(packed));
    const auto before_kb = peak_memory_kb();

    for (int member = 0; member < 200; ++member) {
        REQUIRE(stream.feed(packed));
    }
    const auto result = stream.finish();

    REQUIRE(result.has_value());
    CHECK(result->inflated_bytes == 201 * text.size());
    CHECK(peak_memory_kb() - before_kb < 4L * 1024);
}
