#include "model/release_file.hpp"

#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using namespace std::string_literals;
using model::format_timestamp;
using model::parse_release;
using model::TextFault;

namespace {

const auto some = std::string(64, 'a');
const auto other = std::string(64, 'b');

/// In the form of Debian's own, with fewer lines.
const std::string bookworm =
    "Origin: Debian\n"
    "Label: Debian\n"
    "Suite: oldstable\n"
    "Version: 12.15\n"
    "Codename: bookworm\n"
    "Date: Sat, 11 Jul 2026 10:16:37 UTC\n"
    "Valid-Until: Sat, 18 Jul 2026 10:16:37 UTC\n"
    "Acquire-By-Hash: yes\n"
    "No-Support-for-Architecture-all: Packages\n"
    "Architectures: all amd64 source arm64\n"
    "Components: main contrib non-free-firmware\n"
    "Description: Debian 12.15 Released 11 July 2026\n"
    "MD5Sum:\n"
    " 0ed6d4c8891eb86358b94bb35d9e4da4  1484322 contrib/Contents-all\n"
    "SHA256:\n" +
    (" " + some + "     1234 main/source/Sources.gz\n") +
    (" " + other + "  9876543 main/binary-amd64/Packages.gz\n") +
    (" " + some + "        0 contrib/Contents-all\n");

const std::string smallest = "Date: Sat, 11 Jul 2026 10:16:37 UTC\nSHA256:\n";

/// The text with its one `from` changed into `to`.
std::string changed(const std::string& from, const std::string& to) {
    const auto at = bookworm.find(from);
    REQUIRE(at != std::string::npos);
    auto text = bookworm;
    return text.replace(at, from.size(), to);
}

TextFault fault_of(const std::string& text) {
    const auto release = parse_release(text);
    REQUIRE(release.has_error());
    return release.error();
}

}  // namespace

TEST_CASE("a Release says what its suite is made of", "[model][release_file]") {
    const auto release = parse_release(bookworm);

    REQUIRE(release.has_value());
    CHECK(release->origin == "Debian");
    CHECK(release->label == "Debian");
    CHECK(release->suite == "oldstable");
    CHECK(release->codename == "bookworm");
    CHECK(release->version == "12.15");
    CHECK(format_timestamp(release->date) == "2026-07-11T10:16:37Z");
    REQUIRE(release->valid_until.has_value());
    CHECK(format_timestamp(*release->valid_until) == "2026-07-18T10:16:37Z");
    CHECK(release->architectures == std::vector<std::string>{"amd64", "arm64"});
    CHECK(release->components == std::vector<std::string>{"main", "contrib", "non-free-firmware"});
    CHECK(release->acquire_by_hash);
}

TEST_CASE("a Release's indexes are sorted by path and found by it", "[model][release_file]") {
    const auto release = parse_release(bookworm);

    REQUIRE(release.has_value());
    REQUIRE(release->entries.size() == 3);
    CHECK(release->entries[0].path == "contrib/Contents-all");
    CHECK(release->entries[0].size == 0);
    CHECK(release->entries[1].path == "main/binary-amd64/Packages.gz");
    CHECK(release->entries[1].size == 9876543);
    CHECK(to_string(release->entries[1].sha256) == other);
    CHECK(release->entries[2].path == "main/source/Sources.gz");
    CHECK(find_entry(*release, "main/source/Sources.gz") == &release->entries[2]);
    CHECK(find_entry(*release, "main/source/Sources") == nullptr);
    CHECK(find_entry(*release, "zzz") == nullptr);
}

TEST_CASE("a Release needs a date and hashes only", "[model][release_file]") {
    const auto release = parse_release(smallest);

    REQUIRE(release.has_value());
    CHECK(release->origin.empty());
    CHECK_FALSE(release->valid_until);
    CHECK_FALSE(release->acquire_by_hash);
    CHECK(release->entries.empty());
}

TEST_CASE("forms that real archives use are understood", "[model][release_file]") {
    SECTION("a security archive names its components with a folder") {
        const auto release =
            parse_release(changed("Components: main contrib", "Components: updates/main contrib"));
        REQUIRE(release.has_value());
        CHECK(release->components ==
              std::vector<std::string>{"main", "contrib", "non-free-firmware"});
    }
    SECTION("a flat archive names its files with a dot") {
        const auto release = parse_release(smallest + " " + some + " 7 ./Packages.gz\n");
        REQUIRE(release.has_value());
        CHECK(find_entry(*release, "Packages.gz") != nullptr);
    }
    SECTION("SHA-512 alone, which apt trusts as well: sizes, and no by-hash of ours") {
        const auto release = parse_release(
            "Date: Sat, 11 Jul 2026 10:16:37 UTC\nAcquire-By-Hash: "
            "yes\nSHA512:\n " +
            std::string(128, 'a') + " 7 main/source/Sources.gz\n");
        REQUIRE(release.has_value());
        CHECK_FALSE(release->has_sha256);
        CHECK_FALSE(release->acquire_by_hash);
        REQUIRE(find_entry(*release, "main/source/Sources.gz") != nullptr);
        CHECK(find_entry(*release, "main/source/Sources.gz")->size == 7);
    }
    SECTION("SHA-512 beside SHA-256 says nothing new") {
        const auto release = parse_release(bookworm + "SHA512:\n " + std::string(128, 'a') +
                                           " 7 main/source/Sources.gz\n");
        REQUIRE(release.has_value());
        CHECK(*release == *parse_release(bookworm));
    }
    SECTION("the same file twice, with the same content") {
        const auto line = " " + some + " 7 Packages.gz\n";
        const auto release = parse_release(smallest + line + line);
        REQUIRE(release.has_value());
        CHECK(release->entries.size() == 1);
    }
    SECTION("an @ in a name, as icons of DEP-11 have it") {
        CHECK(parse_release(smallest + " " + some + " 7 main/dep11/icons-64x64@2.tar.gz\n")
                  .has_value());
    }
    SECTION("line ends of the network") {
        auto text = bookworm;
        for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) {
            text.replace(at, 1, "\r\n");
        }
        const auto release = parse_release(text);
        REQUIRE(release.has_value());
        CHECK(*release == *parse_release(bookworm));
    }
}

TEST_CASE("what is wrong with a Release is named with its line", "[model][release_file]") {
    const auto [from, to, line, what] = GENERATE(table<std::string, std::string, int, std::string>({
        {"Date: Sat", "Dates: Sat", 0, "there is no field Date"},
        {"Date: Sat, 11 Jul 2026 10:16:37 UTC\n", "Date:\n", 6,
         "Date: \"\" is no date such as \"Sat, 21 Nov 2026 08:00:00 UTC\""},
        {"Date: Sat, 11 Jul", "Date: Sat, 31 Jun", 6,
         "Date: \"Sat, 31 Jun 2026 10:16:37 UTC\" is no date such as "
         "\"Sat, 21 Nov 2026 08:00:00 UTC\""},
        {"Valid-Until: Sat, 18 Jul 2026", "Valid-Until: tomorrow", 7,
         "Valid-Until: \"tomorrow 10:16:37 UTC\" is no date such as "
         "\"Sat, 21 Nov 2026 08:00:00 UTC\""},
        {"Label: Debian", "Date: Sun, 12 Jul 2026 10:16:37 UTC", 0,
         "the field Date is there twice"},
        {"SHA256:", "SHA1:", 0, "there is no field SHA256"},
        {"SHA256:", "SHA512:", 16, "\"" + some.substr(0, 60) + "...\" is no SHA-512 hash"},
        {"Suite: oldstable", "Suite: old\n stable", 3,
         "Suite: \"old? stable\" is not one line of text"},
        {"all amd64", "all ../amd64", 10, "Architectures: \"../amd64\" is not valid here"},
        {"main contrib", "main ..", 11, "Components: \"..\" is not valid here"},
        {"1234 main", "1234", 16, "a line of the field SHA256 is not a hash, a size and a path"},
        {"1234 main/source/Sources.gz", "1234 main/source/Sources.gz x", 16,
         "a line of the field SHA256 is not a hash, a size and a path"},
        {some + "     1234", "aaaa 1234", 16, "\"aaaa\" is no SHA-256 hash"},
        {"1234", "-1", 16, "the size \"-1\" is not a number of bytes"},
        {"1234", "12x", 16, "the size \"12x\" is not a number of bytes"},
        {"1234", "18446744073709551616", 16,
         "the size \"18446744073709551616\" is not a number of bytes"},
        {"main/source/Sources.gz", "../source/Sources.gz", 16,
         "the path \"../source/Sources.gz\" does not stay below the suite's folder, or has "
         "characters that no index has"},
        {"main/source/Sources.gz", "main/../../x", 16,
         "the path \"main/../../x\" does not stay below the suite's folder, or has characters "
         "that no index has"},
        {"main/source/Sources.gz", "/etc/passwd", 16,
         "the path \"/etc/passwd\" does not stay below the suite's folder, or has characters "
         "that no index has"},
        {"main/source/Sources.gz", "main/%2e%2e/x", 16,
         "the path \"main/%2e%2e/x\" does not stay below the suite's folder, or has characters "
         "that no index has"},
        {"contrib/Contents-all\n" + std::string("SHA256"), "x\n\nSHA256", 16,
         "a second stanza begins"},
        {"0 contrib/Contents-all", "0 main/source/Sources.gz", 0,
         "\"main/source/Sources.gz\" is named twice, with different contents"},
        {"Label: Debian", "Label Debian", 2, "\"Label Debian\" is no field: it has no colon"},
    }));

    const auto fault = fault_of(changed(from, to));

    CHECK(fault.what == what);
    CHECK(fault.line == line);
}

TEST_CASE("a Release that is none is refused", "[model][release_file]") {
    CHECK(fault_of("") == TextFault{0, "the text is empty"});
    CHECK(fault_of("\n\n") == TextFault{0, "the text is empty"});
    CHECK(fault_of("<html>\n").line == 1);
    std::string large;
    large.resize(50'000'000, 'x');
    CHECK(fault_of(large) == TextFault{0, "the text is larger than 16 MiB"});
}
