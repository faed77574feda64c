#include "prober/gpgv.hpp"

#include "prober/private_folder.hpp"
#include "prober/testing/run.hpp"
#include "tools/cmake/catch.hpp"

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <sys/stat.h>

using namespace std::chrono_literals;

namespace {

std::string path(const std::string& name) {
    return MIRROR_TESTDATA "/signed/" + name;
}

std::string read(const std::string& name) {
    std::ifstream file(path(name), std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

constexpr prober::GpgvLimits limits{
    .timeout = 20s, .status_bytes_max = 100'000, .keyring_bytes_max = 1'000'000};

auto verify(prober::SignedFile file, prober::GpgvLimits bounds = limits) {
    return prober::testing::run(prober::run_gpgv(std::move(file), bounds));
}

/// A variable of the environment for as long as this lives.
class Variable {
public:
    Variable(const char* name, const std::string& value) : name_{name} {
        if (const char* old = std::getenv(name); old != nullptr) {
            old_ = old;
        }
        ::setenv(name, value.c_str(), 1);
    }
    ~Variable() {
        if (old_) {
            ::setenv(name_, old_->c_str(), 1);
        } else {
            ::unsetenv(name_);
        }
    }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    const char* name_;
    std::optional<std::string> old_;  // empty: it was not set
};

/// A folder with a program gpgv that is this shell script.
void make_program(const prober::PrivateFolder& folder, const std::string& script) {
    const auto file = folder.write("gpgv", "#!/bin/sh\n" + script);
    REQUIRE(::chmod(file.c_str(), 0700) == 0);
}

}  // namespace

TEST_CASE("gpgv says which key signed a file", "[prober][gpgv]") {
    const std::string keyring = GENERATE("keyring.gpg", "keyring.asc");

    const auto in_release = verify({path(keyring), read("InRelease"), ""});
    const auto detached = verify({path(keyring), read("Release"), read("Release.gpg")});

    REQUIRE(in_release.has_value());
    CHECK(in_release->status_lines.find("[GNUPG:] VALIDSIG ") != std::string::npos);
    CHECK(in_release->signed_text == read("Release"));
    REQUIRE(detached.has_value());
    CHECK(detached->status_lines.find("[GNUPG:] VALIDSIG ") != std::string::npos);
}

TEST_CASE("a text that was changed is a bad signature", "[prober][gpgv]") {
    auto text = read("InRelease");
    text.replace(text.find("Harbour"), 7, "Foreign");

    const auto answer = verify({path("keyring.gpg"), text, ""});

    REQUIRE(answer.has_value());
    CHECK(answer->status_lines.find("[GNUPG:] BADSIG ") != std::string::npos);
    CHECK(answer->status_lines.find("VALIDSIG") == std::string::npos);
}

TEST_CASE("what is not signed has no signature in its status", "[prober][gpgv]") {
    const auto answer = verify({path("keyring.gpg"), "<html>hello</html>\n", ""});

    REQUIRE(answer.has_value());
    CHECK(answer->status_lines.find("[GNUPG:] NODATA ") != std::string::npos);
}

TEST_CASE("a keyring that cannot be used is told by its name", "[prober][gpgv]") {
    const prober::PrivateFolder folder;
    const auto empty = folder.write("empty", "");
    const auto damaged = folder.write("damaged", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nZm9v\n");

    const auto none = verify({path("no-such.gpg"), read("InRelease"), ""});
    const auto of_nothing = verify({empty, read("InRelease"), ""});
    const auto of_garbage = verify({damaged, read("InRelease"), ""});
    auto small = limits;
    small.keyring_bytes_max = 10;
    const auto too_large = verify({path("keyring.gpg"), read("InRelease"), ""}, small);

    REQUIRE(none.has_error());
    CHECK(none.error().what ==
          "cannot read the keyring " + path("no-such.gpg") + ": No such file or directory");
    REQUIRE(of_nothing.has_error());
    CHECK(of_nothing.error().what == "the keyring " + empty + " is empty");
    REQUIRE(of_garbage.has_error());
    CHECK(of_garbage.error().what.find(damaged + " cannot be used: line 1") != std::string::npos);
    REQUIRE(too_large.has_error());
    CHECK(too_large.error().what.find("larger than 10 bytes") != std::string::npos);
}

TEST_CASE("a missing gpgv is told with the package that has it", "[prober][gpgv]") {
    const prober::PrivateFolder folder;
    const Variable search("PATH", folder.path().string());

    const auto answer = verify({path("keyring.gpg"), read("InRelease"), ""});

    REQUIRE(answer.has_error());
    CHECK(answer.error().what.find("install the package gpgv") != std::string::npos);
}

TEST_CASE("a gpgv that does not end is ended", "[prober][gpgv]") {
    const prober::PrivateFolder folder;
    make_program(folder, "exec /bin/sleep 600\n");
    const Variable search("PATH", folder.path().string());
    auto short_time = limits;
    short_time.timeout = 200ms;

    const auto answer = verify({path("keyring.gpg"), read("InRelease"), ""}, short_time);

    REQUIRE(answer.has_error());
    CHECK(answer.error().what == "gpgv was not done after 200 ms");
}

TEST_CASE("a gpgv that talks without end is ended", "[prober][gpgv]") {
    const prober::PrivateFolder folder;
    make_program(folder, "while :; do echo '[GNUPG:] NOISE'; done\n");
    const Variable search("PATH", folder.path().string());

    const auto answer = verify({path("keyring.gpg"), read("InRelease"), ""});

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
    const Variable search("PATH", programs.path().string());
    const Variable folder("TMPDIR", temporary.path().string());
    const std::ifstream held(path("Release"));  // opened without O_CLOEXEC

    const auto answer = verify({path("keyring.gpg"), read("InRelease"), ""});

    REQUIRE(answer.has_value());
    CHECK(answer->status_lines.find("700") != std::string::npos);
    CHECK(std::filesystem::is_empty(temporary.path()));
    const auto descriptors = std::atoi(answer->status_lines.c_str() + std::strlen("[GNUPG:] "));
    CHECK(descriptors <= 5);  // and the shell's own script
}
