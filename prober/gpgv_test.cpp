#include "prober/gpgv.hpp"

#include "prober/private_folder.hpp"
#include "prober/testing/environment_variable.hpp"
#include "prober/testing/run.hpp"
#include "prober/testing/signed_suite.hpp"
#include "tools/cmake/catch.hpp"

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <sys/stat.h>

using namespace std::chrono_literals;

using prober::testing::EnvironmentVariable;
using prober::testing::signed_file;
using prober::testing::signed_path;

namespace {

constexpr prober::GpgvLimits limits{
    .timeout = 20s, .status_bytes_max = 100'000, .keyring_bytes_max = 1'000'000};

auto verify(prober::SignedFile file, prober::GpgvLimits bounds = limits) {
    return prober::testing::run(prober::run_gpgv(std::move(file), bounds));
}

/// A folder with a program gpgv that is this shell script.
void make_program(const prober::PrivateFolder& folder, const std::string& script) {
    const auto file = folder.write("gpgv", "#!/bin/sh\n" + script);
    REQUIRE(::chmod(file.c_str(), 0700) == 0);
}

}  // namespace

TEST_CASE("gpgv says which key signed a file", "[prober][gpgv]") {
    const std::string keyring = GENERATE("keyring.gpg", "keyring.asc");

    const auto in_release = verify({signed_path(keyring), signed_file("InRelease"), ""});
    const auto detached =
        verify({signed_path(keyring), signed_file("Release"), signed_file("Release.gpg")});

    REQUIRE(in_release.has_value());
    CHECK(in_release->status_lines.find("[GNUPG:] VALIDSIG ") != std::string::npos);
    CHECK(in_release->signed_text == signed_file("Release"));
    REQUIRE(detached.has_value());
    CHECK(detached->status_lines.find("[GNUPG:] VALIDSIG ") != std::string::npos);
}

TEST_CASE("a text that was changed is a bad signature", "[prober][gpgv]") {
    auto text = signed_file("InRelease");
    text.replace(text.find("Harbour"), 7, "Foreign");

    const auto answer = verify({signed_path("keyring.gpg"), text, ""});

    REQUIRE(answer.has_value());
    CHECK(answer->status_lines.find("[GNUPG:] BADSIG ") != std::string::npos);
    CHECK(answer->status_lines.find("VALIDSIG") == std::string::npos);
}

TEST_CASE("what is not signed has no signature in its status", "[prober][gpgv]") {
    const auto answer = verify({signed_path("keyring.gpg"), "<html>hello</html>\n", ""});

    REQUIRE(answer.has_value());
    CHECK(answer->status_lines.find("[GNUPG:] NODATA ") != std::string::npos);
}

TEST_CASE("a keyring that cannot be used is told by its name", "[prober][gpgv]") {
    const prober::PrivateFolder folder;
    const auto empty = folder.write("empty", "");
    const auto damaged = folder.write("damaged", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nZm9v\n");
    const auto text = folder.write("text", "mirrors, and more mirrors\n");
    const auto cut = folder.write("cut", signed_file("keyring.gpg") + "\x98");

    const auto none = verify({signed_path("no-such.gpg"), signed_file("InRelease"), ""});
    const auto of_nothing = verify({empty, signed_file("InRelease"), ""});
    const auto of_garbage = verify({damaged, signed_file("InRelease"), ""});
    const auto of_no_keys = verify({text, signed_file("InRelease"), ""});
    const auto of_half = verify({cut, signed_file("InRelease"), ""});
    auto small = limits;
    small.keyring_bytes_max = 10;
    const auto too_large =
        verify({signed_path("keyring.gpg"), signed_file("InRelease"), ""}, small);

    REQUIRE(none.has_error());
    CHECK(none.error().what ==
          "cannot read the keyring " + signed_path("no-such.gpg") + ": No such file or directory");
    REQUIRE(of_nothing.has_error());
    CHECK(of_nothing.error().what == "the keyring " + empty + " is empty");
    REQUIRE(of_garbage.has_error());
    CHECK(of_garbage.error().what.find(damaged + " cannot be used: line 1") != std::string::npos);
    REQUIRE(of_no_keys.has_error());
    CHECK(of_no_keys.error().kind == prober::GpgvFailure::Kind::keyring);
    CHECK(of_no_keys.error().what == "the keyring " + text + " holds no OpenPGP keys");
    REQUIRE(of_half.has_error());
    CHECK(of_half.error().what ==
          "the keyring " + cut + " is damaged: not all of it is OpenPGP keys");
    REQUIRE(too_large.has_error());
    CHECK(too_large.error().what.find("larger than 10 bytes") != std::string::npos);
}

TEST_CASE("a missing gpgv is told with the package that has it", "[prober][gpgv]") {
    const prober::PrivateFolder folder;
    const EnvironmentVariable search("PATH", folder.path().string());

    const auto answer = verify({signed_path("keyring.gpg"), signed_file("InRelease"), ""});

    REQUIRE(answer.has_error());
    CHECK(answer.error().what.find("install the package gpgv") != std::string::npos);
}

TEST_CASE("a gpgv that does not end is ended", "[prober][gpgv]") {
    const prober::PrivateFolder folder;
    make_program(folder, "exec /bin/sleep 600\n");
    const EnvironmentVariable search("PATH", folder.path().string());
    auto short_time = limits;
    short_time.timeout = 200ms;

    const auto answer =
        verify({signed_path("keyring.gpg"), signed_file("InRelease"), ""}, short_time);

    REQUIRE(answer.has_error());
    CHECK(answer.error().what == "gpgv was not done after 200 ms");
}

TEST_CASE("a gpgv that talks without end is ended", "[prober][gpgv]") {
    const prober::PrivateFolder folder;
    make_program(folder, "while :; do echo '[GNUPG:] NOISE'; done\n");
    const EnvironmentVariable search("PATH", folder.path().string());

    const auto answer = verify({signed_path("keyring.gpg"), signed_file("InRelease"), ""});

    REQUIRE(answer.has_error());
    CHECK(answer.error().what == "gpgv said more than 100000 bytes");
}

TEST_CASE("gpgv gets none of our descriptors, and nothing is left of it", "[prober][gpgv]") {
    const prober::PrivateFolder programs;
    const prober::PrivateFolder temporary;
    // Its own files: 0, 1, 2, and the one that lists the folder.
    make_program(programs,
                 "set -- /proc/self/fd/*; echo \"[GNUPG:] $# $(/usr/bin/stat -c %a "
                 "\"$(/usr/bin/dirname \"$(/bin/readlink /proc/self/fd/2)\")\")\"\n");
    const EnvironmentVariable search("PATH", programs.path().string());
    const EnvironmentVariable folder("TMPDIR", temporary.path().string());
    const std::ifstream held(signed_path("Release"));  // opened without O_CLOEXEC

    const auto answer = verify({signed_path("keyring.gpg"), signed_file("InRelease"), ""});

    REQUIRE(answer.has_value());
    CHECK(answer->status_lines.find("700") != std::string::npos);
    CHECK(std::filesystem::is_empty(temporary.path()));
    const auto descriptors = std::atoi(answer->status_lines.c_str() + std::strlen("[GNUPG:] "));
    CHECK(descriptors <= 5);  // and the shell's own script
}
