#include "model/publication.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using model::pool_path;
using model::Publication;

TEST_CASE("pool_path puts a file below its source package", "[model][publication]") {
    struct Row {
        std::string component;
        std::string source;
        std::string file;
        std::string expected;
        std::string why;
    };
    const auto row = GENERATE(values<Row>({
        {"main", "alsa-utils", "alsa-utils_1.0.9a-4.dsc",
         "pool/main/a/alsa-utils/alsa-utils_1.0.9a-4.dsc", "the first letter"},
        {"main", "pmount", "pmount_1.9-1_all.deb", "pool/main/p/pmount/pmount_1.9-1_all.deb",
         "the version 2:1.9-1 has an epoch, its file has not"},
        {"universe", "libpng", "libpng12-0_1.2.8_i386.deb",
         "pool/universe/libp/libpng/libpng12-0_1.2.8_i386.deb", "four letters for a library"},
        {"main", "lib", "lib_1.dsc", "pool/main/lib/lib/lib_1.dsc", "shorter than four"},
        {"main", "libreoffice", "ure_1_amd64.deb", "pool/main/libr/libreoffice/ure_1_amd64.deb",
         "starts with lib, though it is none"},
        {"main", "li", "li_1.dsc", "pool/main/l/li/li_1.dsc", "almost lib"},
        {"main", "glib2.0", "glib2.0_2.dsc", "pool/main/g/glib2.0/glib2.0_2.dsc",
         "lib elsewhere in the name"},
        {"non-free/contrib", "7zip", "7zip_22.dsc", "pool/non-free/contrib/7/7zip/7zip_22.dsc",
         "a component of two parts, and a digit"},
    }));
    CAPTURE(row.why);
    Publication publication;
    publication.bucket.component = row.component;
    publication.source = row.source;
    publication.version = "2:1.9-1";
    publication.file = row.file;

    CHECK(pool_path(publication) == row.expected);
}

TEST_CASE("pool_path believes a path that an index told", "[model][publication]") {
    Publication publication;
    publication.bucket.component = "main";
    publication.source = "pmount";
    publication.file = "pmount_1.9-1_all.deb";
    publication.path = "packages/pmount_1.9-1_all.deb";

    CHECK(pool_path(publication) == "packages/pmount_1.9-1_all.deb");
}
