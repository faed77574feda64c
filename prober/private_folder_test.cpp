#include "prober/private_folder.hpp"

#include "prober/testing/environment_variable.hpp"
#include "tools/cmake/catch.hpp"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/stat.h>
#include <system_error>

using prober::PrivateFolder;
using prober::testing::EnvironmentVariable;

namespace {

unsigned int rights_of(const std::filesystem::path& path) {
    struct stat found {};
    REQUIRE(::lstat(path.c_str(), &found) == 0);
    return found.st_mode & 07777U;
}

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

int error_number_of(const PrivateFolder& folder, const std::string& name) {
    try {
        folder.write(name, "ours");
    } catch (const std::system_error& error) {
        return error.code().value();
    }
    return 0;
}

/// Lets all others in, as far as whoever makes a file asks for it; as it was afterwards.
class OpenHanded {
public:
    OpenHanded() : before_{::umask(0)} {}
    ~OpenHanded() { ::umask(before_); }
    OpenHanded(const OpenHanded&) = delete;
    OpenHanded& operator=(const OpenHanded&) = delete;

private:
    mode_t before_;
};

}  // namespace

TEST_CASE("nobody else may look into a private folder, whatever the umask says",
          "[prober][private_folder]") {
    const OpenHanded open_handed;
    const PrivateFolder folder;

    const auto file = folder.write("key", "secret");

    CHECK(rights_of(folder.path()) == 0700);
    CHECK(rights_of(file) == 0600);
    CHECK(content_of(file) == "secret");
    CHECK(std::filesystem::path(file).parent_path() == folder.path());
}

TEST_CASE("each private folder is another, below the place for temporary files",
          "[prober][private_folder]") {
    const PrivateFolder place;
    const EnvironmentVariable there("TMPDIR", place.path().string());
    const PrivateFolder one;
    const PrivateFolder other;

    CHECK(one.path() != other.path());
    CHECK(one.path().parent_path() == place.path());
    CHECK(other.path().parent_path() == place.path());
}

TEST_CASE("a private folder goes with all that is in it, and touches nothing else",
          "[prober][private_folder]") {
    const PrivateFolder outside;
    const auto kept = outside.write("kept", "still here");
    std::filesystem::path path;
    {
        const PrivateFolder folder;
        path = folder.path();
        folder.write("file", "a");
        std::filesystem::create_directories(path / "deep" / "folder");
        std::ofstream(path / "deep" / "folder" / "file") << "b";
        std::filesystem::create_symlink(kept, path / "link");
        std::filesystem::create_directory_symlink(outside.path(), path / "deep" / "link");
    }

    CHECK_FALSE(std::filesystem::exists(std::filesystem::symlink_status(path)));
    CHECK(content_of(kept) == "still here");
}

TEST_CASE("what is written is a new file: nothing is followed and nothing written over",
          "[prober][private_folder]") {
    const PrivateFolder outside;
    const PrivateFolder folder;
    const auto theirs = outside.write("theirs", "theirs");
    folder.write("first", "first");
    std::filesystem::create_symlink(theirs, folder.path() / "link");
    std::filesystem::create_symlink(outside.path() / "none", folder.path() / "dangling");
    std::filesystem::create_directory(folder.path() / "folder");

    for (const auto* name : {"first", "link", "dangling", "folder"}) {
        CAPTURE(name);
        CHECK(error_number_of(folder, name) == EEXIST);
    }
    CHECK(content_of(folder.path() / "first") == "first");
    CHECK(content_of(theirs) == "theirs");
    CHECK_FALSE(std::filesystem::exists(outside.path() / "none"));
}

TEST_CASE("every byte of a file is written", "[prober][private_folder]") {
    const PrivateFolder folder;
    std::string bytes(3'000'000, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<char>(i % 251);
    }

    CHECK(content_of(folder.write("large", bytes)) == bytes);
    CHECK(content_of(folder.write("empty", "")).empty());
}

TEST_CASE("where there can be no folder or file, the path is named", "[prober][private_folder]") {
    const PrivateFolder folder;
    CHECK_THROWS_WITH(folder.write("no/such", "x"), "cannot make " + folder.path().string() +
                                                        "/no/such: No such file or directory");

    const auto file = folder.write("file", "x");
    {
        const EnvironmentVariable nowhere("TMPDIR",
                                          file);  // which is no folder: /tmp takes its place
        CHECK(PrivateFolder().path().parent_path() == "/tmp");
    }
    const EnvironmentVariable refusing("TMPDIR", "/proc");  // which refuses root as well
    std::string error;
    try {
        const PrivateFolder refused;
    } catch (const std::system_error& e) {
        error = e.what();
    }
    CHECK(error.starts_with("cannot make the temporary folder /proc/mirrorwarden-"));
}
