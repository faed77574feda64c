#include "prober/release_library.hpp"

#include "prober/testing/example_plan.hpp"
#include "prober/testing/run.hpp"
#include "prober/testing/tiny_release.hpp"
#include "tools/cmake/catch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <stdexcept>

using prober::ReleaseLibrary;
using prober::SignedFiles;
using prober::testing::clear_signed;
using prober::testing::example_time;
using prober::testing::FakeVerifier;
using prober::testing::release_text;

namespace asio = boost::asio;

namespace {

SignedFiles in_release(const std::string& packages = "packages") {
    return {.form = SignedFiles::Form::clear_signed,
            .text = clear_signed(
                release_text(example_time, {{"main/binary-amd64/Packages.gz", packages},
                                            {"main/Contents-amd64.gz", "contents"}})),
            .signature = {}};
}

bool wants_packages(std::string_view path) {
    return path.ends_with("/Packages.gz");
}

}  // namespace

TEST_CASE("a Release that many mirrors have is verified once", "[prober][release_library]") {
    const FakeVerifier verifier;
    ReleaseLibrary library({.verify = verifier, .wants = wants_packages, .unused_max = 10});

    const auto first = prober::testing::run(library.read(in_release()));
    const auto second = prober::testing::run(library.read(in_release()));

    CHECK(first == second);
    CHECK(*verifier.calls == 1);
    REQUIRE(first->release.has_value());
    CHECK(first->release->codename == "new");
}

TEST_CASE("of what nobody wants nothing is kept", "[prober][release_library]") {
    ReleaseLibrary library({.verify = FakeVerifier(), .wants = wants_packages, .unused_max = 10});

    const auto read = prober::testing::run(library.read(in_release()));

    REQUIRE(read->release.has_value());
    REQUIRE(read->release->entries.size() == 1);
    CHECK(read->release->entries.front().path == "main/binary-amd64/Packages.gz");
}

TEST_CASE("those who come while it is verified wait for it", "[prober][release_library]") {
    const auto calls = std::make_shared<int>(0);
    const auto slow =
        [calls](SignedFiles) -> asio::awaitable<std::optional<model::SignatureVerdict>> {
        ++*calls;
        const auto executor = co_await asio::this_coro::executor;
        co_await asio::post(executor, asio::use_awaitable);
        co_return model::SignatureVerdict{.kind = model::SignatureKind::good, .fingerprints = {}};
    };
    ReleaseLibrary library({.verify = slow, .wants = {}, .unused_max = 10});
    asio::io_context context(1);

    auto one = asio::co_spawn(context, library.read(in_release()), asio::use_future);
    auto other = asio::co_spawn(context, library.read(in_release()), asio::use_future);
    context.run();

    const auto read = one.get();
    CHECK(read == other.get());
    REQUIRE(read->signature.has_value());
    CHECK(read->signature->kind == model::SignatureKind::good);
    CHECK(*calls == 1);
}

TEST_CASE("a verifier that fails is heard by all, and asked again", "[prober][release_library]") {
    const auto calls = std::make_shared<int>(0);
    const auto broken =
        [calls](SignedFiles) -> asio::awaitable<std::optional<model::SignatureVerdict>> {
        ++*calls;
        throw std::runtime_error("no gpgv");
        co_return model::SignatureVerdict{};
    };
    ReleaseLibrary library({.verify = broken, .wants = {}, .unused_max = 10});

    CHECK_THROWS_AS(prober::testing::run(library.read(in_release())), std::runtime_error);
    CHECK_THROWS_AS(prober::testing::run(library.read(in_release())), std::runtime_error);
    CHECK(*calls == 2);
}

TEST_CASE("a file that is unsigned needs no verifier to say so", "[prober][release_library]") {
    ReleaseLibrary library({.verify = {}, .wants = {}, .unused_max = 10});
    SignedFiles files{.form = SignedFiles::Form::detached,
                      .text = release_text(example_time, {}),
                      .signature = {}};

    const auto read = prober::testing::run(library.read(std::move(files)));

    REQUIRE(read->signature.has_value());
    CHECK(read->signature->kind == model::SignatureKind::no_signature);
}

TEST_CASE("without a verifier nothing is said of signatures", "[prober][release_library]") {
    ReleaseLibrary library({.verify = {}, .wants = {}, .unused_max = 10});

    const auto read = prober::testing::run(library.read(in_release()));

    CHECK_FALSE(read->signature.has_value());
    CHECK(read->release.has_value());
}

TEST_CASE("both forms of a Release have one text", "[prober][release_library]") {
    ReleaseLibrary library({.verify = FakeVerifier(), .wants = {}, .unused_max = 10});
    const auto text = release_text(example_time, {});
    SignedFiles detached{
        .form = SignedFiles::Form::detached, .text = text, .signature = "\ngood\n"};
    SignedFiles clear{
        .form = SignedFiles::Form::clear_signed, .text = clear_signed(text), .signature = {}};

    const auto one = prober::testing::run(library.read(std::move(detached)));
    const auto other = prober::testing::run(library.read(std::move(clear)));

    REQUIRE(one->text_sha256.has_value());
    CHECK(one->text_sha256 == other->text_sha256);
    CHECK(one->sha256 != other->sha256);
}

TEST_CASE("a library forgets what nobody uses", "[prober][release_library]") {
    ReleaseLibrary library({.verify = FakeVerifier(), .wants = {}, .unused_max = 2});

    const auto kept = prober::testing::run(library.read(in_release("0")));
    for (int i = 1; i <= 10; ++i) {
        prober::testing::run(library.read(in_release(std::to_string(i))));
        CHECK(library.size() <= 5);
    }

    const auto again = prober::testing::run(library.read(in_release("0")));
    CHECK(kept == again);
}
