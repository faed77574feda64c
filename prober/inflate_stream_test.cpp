#include "prober/inflate_stream.hpp"

#include "prober/testing/gzip.hpp"
#include "tools/cmake/catch.hpp"

#include <lzma.h>
#include <zstd.h>

#include <cstdint>
#include <string>
#include <vector>

using prober::Compression;
using prober::InflateFault;
using prober::InflateStream;
using prober::testing::gzip;

namespace {

std::string xz(const std::string& text) {
    std::string packed(::lzma_stream_buffer_bound(text.size()), '\0');
    std::size_t size = 0;
    REQUIRE(::lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr,
                                      reinterpret_cast<const std::uint8_t*>(text.data()),
                                      text.size(), reinterpret_cast<std::uint8_t*>(packed.data()),
                                      &size, packed.size()) == LZMA_OK);
    packed.resize(size);
    return packed;
}

std::string zstd(const std::string& text) {
    std::string packed(::ZSTD_compressBound(text.size()), '\0');
    auto* context = ::ZSTD_createCCtx();
    ::ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    packed.resize(
        ::ZSTD_compress2(context, packed.data(), packed.size(), text.data(), text.size()));
    ::ZSTD_freeCCtx(context);
    return packed;
}

std::string pack(Compression compression, const std::string& text) {
    switch (compression) {
    case Compression::plain: break;
    case Compression::gzip: return gzip(text);
    case Compression::xz: return xz(text);
    case Compression::zstd: return zstd(text);
    }
    return text;
}

constexpr InflateStream::Limits plenty{.bytes_max = 1U << 30U,
                                       .inflated_bytes_max = 1U << 30U,
                                       .ratio_max = 100'000,
                                       .window_bytes_max = 128U << 20U};

struct Inflated {
    std::string text;
    std::optional<InflateFault> fault;
};

Inflated inflate(Compression compression, std::string_view packed, std::size_t chunk,
                 InflateStream::Limits limits = plenty) {
    Inflated result;
    InflateStream stream(compression, limits, [&](std::string_view bytes) {
        result.text += bytes;
        return true;
    });
    for (std::size_t at = 0; at < packed.size() && stream.feed(packed.substr(at, chunk));
         at += chunk) {
    }
    stream.finish();
    result.fault = stream.fault();
    return result;
}

// Longer than the buffers, and not too easy to pack.
std::string long_text() {
    std::string text;
    std::uint32_t number = 1;
    while (text.size() < 300'000) {
        number = number * 1'664'525U + 1'013'904'223U;
        text += "Package: p" + std::to_string(number) + "\n";
    }
    return text;
}

const std::vector<Compression> packings = {Compression::gzip, Compression::xz, Compression::zstd};

}  // namespace

TEST_CASE("a packing is known by the end of the name", "[prober][inflate_stream]") {
    CHECK(prober::compression_of("main/binary-amd64/Packages.gz") == Compression::gzip);
    CHECK(prober::compression_of("main/binary-amd64/Packages.xz") == Compression::xz);
    CHECK(prober::compression_of("main/binary-amd64/Packages.zst") == Compression::zstd);
    CHECK(prober::compression_of("main/binary-amd64/Packages") == Compression::plain);
}

TEST_CASE("what was packed comes out, however the bytes come", "[prober][inflate_stream]") {
    const auto compression = GENERATE(from_range(
        std::vector{Compression::plain, Compression::gzip, Compression::xz, Compression::zstd}));
    const std::size_t chunk = GENERATE(1U, 7U, 4096U, 1'000'000U);
    const auto text = long_text();

    const auto result = inflate(compression, pack(compression, text), chunk);

    CHECK(!result.fault);
    CHECK(result.text == text);
}

TEST_CASE("members in a row are one file", "[prober][inflate_stream]") {
    const auto compression = GENERATE(from_range(packings));
    const std::size_t chunk = GENERATE(1U, 1'000'000U);
    const auto packed = pack(compression, "one\n") + pack(compression, "") +
                        pack(compression, "two\n") + pack(compression, "three\n");

    const auto result = inflate(compression, packed, chunk);

    CHECK(!result.fault);
    CHECK(result.text == "one\ntwo\nthree\n");
}

TEST_CASE("xz streams may have zeros between and after them", "[prober][inflate_stream]") {
    const auto packed = xz("one\n") + std::string(4, '\0') + xz("two\n") + std::string(8, '\0');

    const auto result = inflate(Compression::xz, packed, 3);

    CHECK(!result.fault);
    CHECK(result.text == "one\ntwo\n");
}

TEST_CASE("a file that ends early is truncated, wherever it ends", "[prober][inflate_stream]") {
    const auto compression = GENERATE(from_range(packings));
    const auto packed = pack(compression, "a text that is packed\n");

    for (std::size_t size = 0; size < packed.size(); ++size) {
        INFO(size << " of " << packed.size());
        CHECK(inflate(compression, packed.substr(0, size), 5).fault == InflateFault::truncated);
    }
}

TEST_CASE("what stands after the end is garbage", "[prober][inflate_stream]") {
    const auto compression = GENERATE(from_range(packings));
    const std::string garbage = GENERATE("\n", "x", "garbage", "<html>not found</html>");
    const std::size_t chunk = GENERATE(1U, 1'000'000U);

    const auto result = inflate(compression, pack(compression, "text\n") + garbage, chunk);

    CHECK(result.fault == InflateFault::trailing_garbage);
}

TEST_CASE("what is packed otherwise is told", "[prober][inflate_stream]") {
    const auto compression = GENERATE(from_range(packings));
    const auto& [text, why] = GENERATE_REF(table<std::string, std::string>({
        {"<html><body>404 Not Found</body></html>", "a web page with status 200"},
        {"Package: hello\nVersion: 1\n\n", "a plain file under a packed one's name"},
        {std::string(100, '\0'), "a hole that a full disk left"},
    }));

    INFO(why);
    CHECK(inflate(compression, text, 10).fault == InflateFault::wrong_format);
}

TEST_CASE("a changed byte inside is found", "[prober][inflate_stream]") {
    const auto compression = GENERATE(from_range(packings));
    auto packed = pack(compression, long_text());
    const std::size_t place = GENERATE(2U, 3U);  // as parts of the size
    packed[packed.size() / place] ^= '\x10';

    CHECK(inflate(compression, packed, 4096).fault == InflateFault::corrupt);
}

TEST_CASE("a checksum at the end that is wrong is found", "[prober][inflate_stream]") {
    auto packed = gzip("a text that is packed\n");
    packed[packed.size() - 8] ^= '\x01';  // Source: RFC 1952: CRC32 and ISIZE end a member

    CHECK(inflate(Compression::gzip, packed, 4096).fault == InflateFault::corrupt);
}

TEST_CASE("a bomb is stopped by the ratio, before it fills anything", "[prober][inflate_stream]") {
    const auto compression = GENERATE(from_range(packings));
    const auto packed = pack(compression, std::string(64U << 20U, '\0'));
    auto limits = plenty;
    limits.ratio_max = 50;

    const auto result = inflate(compression, packed, 4096, limits);

    CHECK(result.fault == InflateFault::inflates_too_far);
    CHECK(result.text.size() <= (2U << 20U));
}

TEST_CASE("sizes are held to the byte", "[prober][inflate_stream]") {
    const auto compression = GENERATE(from_range(packings));
    const std::string text = "twenty bytes of text";
    const auto packed = pack(compression, text);
    auto limits = plenty;

    limits.bytes_max = packed.size();
    limits.inflated_bytes_max = text.size();
    CHECK(!inflate(compression, packed, 4, limits).fault);

    limits.inflated_bytes_max = text.size() - 1;
    CHECK(inflate(compression, packed, 4, limits).fault == InflateFault::inflates_too_far);

    limits.inflated_bytes_max = text.size();
    limits.bytes_max = packed.size() - 1;
    CHECK(inflate(compression, packed, 4, limits).fault == InflateFault::too_large);
}

TEST_CASE("a window larger than allowed is refused", "[prober][inflate_stream]") {
    std::string text;  // longer than the window, or the packer would choose a smaller one
    while (text.size() < (8U << 20U)) {
        text += std::to_string(text.size());
    }
    auto limits = plenty;
    limits.window_bytes_max = 64U << 10U;

    CHECK(inflate(Compression::xz, xz(text), 65'536, limits).fault == InflateFault::needs_memory);
    CHECK(inflate(Compression::zstd, zstd(text), 65'536, limits).fault ==
          InflateFault::needs_memory);
}

TEST_CASE("a sink that has enough ends it without a fault", "[prober][inflate_stream]") {
    const auto packed = gzip(long_text());
    std::size_t calls = 0;
    InflateStream stream(Compression::gzip, plenty, [&](std::string_view) {
        ++calls;
        return false;
    });

    CHECK_FALSE(stream.feed(packed));
    CHECK_FALSE(stream.feed(packed));
    stream.finish();

    CHECK(calls == 1);
    CHECK(!stream.fault());
}
