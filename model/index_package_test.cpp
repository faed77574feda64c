#include "model/index_package.hpp"

#include "tools/cmake/catch.hpp"

#include <functional>
#include <string>

using model::IndexKind;
using model::IndexPackage;

namespace {

/// Calls `look` with what the first stanza of `text` came to.
void read(
    IndexKind kind, const std::string& text,
    const std::function<void(const boost::system::result<IndexPackage, model::TextFault>&)>& look) {
    int stanzas = 0;
    model::Deb822Reader reader({.stanza_bytes_max = 100'000}, [&](const model::Stanza& stanza) {
        ++stanzas;
        look(model::read_index_package(kind, stanza));
    });
    REQUIRE(!reader.feed(text));
    REQUIRE(!reader.finish());
    REQUIRE(stanzas == 1);
}

std::string fault_of(IndexKind kind, const std::string& text) {
    std::string fault;
    read(kind, text, [&](const auto& package) {
        if (package.has_error()) {
            fault = package.error().what;
        }
    });
    return fault;
}

const std::string binary =
    "Package: pmount\nSource: pmount-source (2:1.9-1)\nVersion: 2:1.9-1+b2\nArchitecture: i386\n"
    "Filename: pool/main/p/pmount/pmount_1.9-1+b2_i386.deb\nSize: 80012\n"
    "SHA256: ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n"
    "Description: mounts\n more\n";

const std::string source =
    "Package: pmount\nVersion: 2:1.9-1\nDirectory: pool/main/p/pmount\n"
    "Files:\n 0123456789abcdef0123456789abcdef 777 pmount_1.9-1.dsc\n"
    "Checksums-Sha256:\n"
    " e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 100 pmount_1.9.tar.gz\n"
    " ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad 777 pmount_1.9-1.dsc\n";

}  // namespace

TEST_CASE("a stanza of Packages is a .deb and the source that it was built from",
          "[model][index_package]") {
    read(IndexKind::packages, binary, [](const auto& package) {
        REQUIRE(package.has_value());
        CHECK(package->name == "pmount");
        CHECK(package->version == "2:1.9-1+b2");
        CHECK(package->source == "pmount-source");
        CHECK(package->source_version == "2:1.9-1");
        CHECK(package->architecture == "i386");
        CHECK(model::path_of(*package) == "pool/main/p/pmount/pmount_1.9-1+b2_i386.deb");
        CHECK(package->file == "pmount_1.9-1+b2_i386.deb");
        CHECK(package->size == 80'012);
        CHECK(package->sha256 ==
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    });
}

TEST_CASE("a stanza of Sources is its .dsc", "[model][index_package]") {
    read(IndexKind::sources, source, [](const auto& package) {
        REQUIRE(package.has_value());
        CHECK(package->source == "pmount");
        CHECK(package->source_version == "2:1.9-1");
        CHECK(model::path_of(*package) == "pool/main/p/pmount/pmount_1.9-1.dsc");
        CHECK(package->size == 777);
        CHECK(package->sha256 ==
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    });
}

TEST_CASE("a Source field says a name, a version, or both", "[model][index_package]") {
    const auto& [field, source_name, source_version] =
        GENERATE(table<std::string, std::string, std::string>({
            {"", "hello", "2-1"},  // the binary's own
            {"Source: greetings\n", "greetings", "2-1"},
            {"Source: greetings (1:2-1)\n", "greetings", "1:2-1"},
            {"Source: hello (3-1)\n", "hello", "3-1"},
        }));

    read(IndexKind::packages,
         "Package: hello\nVersion: 2-1\n" + field + "Filename: ./hello.deb\nSize: 1\n",
         [&name = source_name, &version = source_version](const auto& package) {
             REQUIRE(package.has_value());
             CHECK(package->source == name);
             CHECK(package->source_version == version);
             CHECK(model::path_of(*package) == "hello.deb");
         });
}

TEST_CASE("a source without a .dsc is published without a file", "[model][index_package]") {
    read(IndexKind::sources, "Package: hello\nVersion: 2-1\nDirectory: pool/h\n",
         [](const auto& package) {
             REQUIRE(package.has_value());
             CHECK(package->file.empty());
             CHECK(model::path_of(*package).empty());
         });
}

TEST_CASE("a stanza that describes no file is told", "[model][index_package]") {
    const auto& [text, fault] = GENERATE(table<std::string, std::string>({
        {"Version: 1\nFilename: a.deb\nSize: 1\n", "there is no field Package"},
        {"Package: a\nFilename: a.deb\nSize: 1\n",
         "there is no field Version in the stanza of \"a\""},
        {"Package: a\nVersion: 1\nSize: 1\n", "there is no field Filename in the stanza of \"a\""},
        {"Package: a\nVersion: 1\nFilename: a.deb\n",
         "there is no field Size in the stanza of \"a\""},
        {"Package: a\nVersion: 1\nFilename: a.deb\nSize: -1\n",
         "the field Size of \"a\" cannot be \"-1\""},
        {"Package: a\nVersion: 1\nFilename: a.deb\nSize: 99999999999999999999\n",
         "the field Size of \"a\" cannot be \"99999999999999999999\""},
        {"Package: a b\nVersion: 1\nFilename: a.deb\nSize: 1\n",
         "the field Package of \"a b\" cannot be \"a b\""},
        {"Package: a\nVersion: 1 2\nFilename: a.deb\nSize: 1\n",
         "the field Version of \"a\" cannot be \"1 2\""},
        {"Package: a\nVersion: 1\nFilename: ../../etc/passwd\nSize: 1\n",
         "the field Filename of \"a\" cannot be \"../../etc/passwd\""},
        {"Package: a\nVersion: 1\nFilename: /etc/passwd\nSize: 1\n",
         "the field Filename of \"a\" cannot be \"/etc/passwd\""},
    }));

    CHECK(fault_of(IndexKind::packages, text) == fault);
}

TEST_CASE("a source's file stays in its folder", "[model][index_package]") {
    const auto& [folder, file, fault] = GENERATE(table<std::string, std::string, std::string>({
        {"../..", "a.dsc", "the field Directory of \"a\" cannot be \"../..\""},
        {"pool", "../a.dsc", "the field Files of \"a\" cannot be \"../a.dsc\""},
        {"pool", "b/a.dsc", "the field Files of \"a\" cannot be \"b/a.dsc\""},
    }));

    CHECK(fault_of(IndexKind::sources, "Package: a\nVersion: 1\nDirectory: " + folder +
                                           "\nChecksums-Sha256:\n 00 1 " + file + "\n") == fault);
}

TEST_CASE("the key of a package is that of its publication", "[model][index_package]") {
    const model::Bucket packages{"warty", model::Pocket::updates, "main", "i386"};
    const model::Bucket sources{"warty", model::Pocket::updates, "main", "source"};
    const model::Timestamp when{std::chrono::seconds(1'000'000'000)};

    read(IndexKind::packages, binary, [&](const auto& package) {
        REQUIRE(package.has_value());
        const auto publication = model::publication_of(*package, "ubuntu", packages, when);
        CHECK(model::package_key(publication) == model::package_key(*package));
        CHECK(publication.distribution == "ubuntu");
        CHECK(publication.bucket == packages);
        CHECK(publication.source == "pmount-source");
        CHECK(publication.version == "2:1.9-1");
        CHECK(publication.file == "pmount_1.9-1+b2_i386.deb");
        CHECK(publication.path == "pool/main/p/pmount/pmount_1.9-1+b2_i386.deb");
        CHECK(publication.file_type == model::FileType::deb);
        CHECK(publication.status == model::PublicationStatus::published);
        CHECK(publication.published == when);
    });
    read(IndexKind::sources, source, [&](const auto& package) {
        REQUIRE(package.has_value());
        const auto publication = model::publication_of(*package, "ubuntu", sources, when);
        CHECK(model::package_key(publication) == model::package_key(*package));
        CHECK(publication.file_type == model::FileType::dsc);
    });
}

TEST_CASE("a publication that knows no path has the key of its place in the pool",
          "[model][index_package]") {
    model::Publication publication;
    publication.bucket = {"warty", model::Pocket::release, "main", "i386"};
    publication.source = "pmount";
    publication.version = "2:1.9-1";
    publication.file = "pmount_1.9-1_i386.deb";

    // It is stored, so it never changes. By another program, from FNV-1a's definition.
    constexpr std::uint64_t known = 0xc2a4bf6c19db0ac3U;
    CHECK(model::package_key(publication) == known);
    publication.path = "pool/main/p/pmount/pmount_1.9-1_i386.deb";
    CHECK(model::package_key(publication) == known);
}

TEST_CASE("packages that differ have keys that differ", "[model][index_package]") {
    model::Publication one;
    one.source = "hello";
    one.version = "1";
    one.file = "hello_1_all.deb";
    one.path = "pool/hello_1_all.deb";
    auto other = one;

    SECTION("by their file") {
        other.path = "pool/hello_1_i386.deb";
    }
    SECTION("by the version of a file that keeps its name") {
        other.version = "2";
    }
    SECTION("by their source") {
        other.source = "hello2";
    }
    SECTION("by where one text ends") {
        other.source = "hell";
        other.version = "o1";
    }

    CHECK(model::package_key(one) != model::package_key(other));
}
