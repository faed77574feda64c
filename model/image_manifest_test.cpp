#include "model/image_manifest.hpp"

#include "tools/cmake/catch.hpp"

#include <cstddef>
#include <string>
#include <vector>

using model::expect_images;
using model::FileError;
using model::ImageFile;
using model::ImageSet;
using model::parse_image_manifest;

namespace {

const std::string hoary_iso = "hoary/ubuntu-5.04-install-i386.iso";
const std::string line = "ubuntu\thoary\t" + hoary_iso + "\t611348480\n";

}  // namespace

TEST_CASE("a manifest names a file a line", "[model][image_manifest]") {
    const std::vector expected = {
        ImageFile{"ubuntu", "hoary", hoary_iso, 611348480},
        ImageFile{"kubuntu", "hoary", "kubuntu/hoary/k.iso", 18446744073709551615U}};

    CHECK(*parse_image_manifest(
              line + "kubuntu\thoary\tkubuntu/hoary/k.iso\t18446744073709551615\n") == expected);
    CHECK(*parse_image_manifest(
              "\r\n \n" + line +
              "\r\nkubuntu\thoary\tkubuntu/hoary/k.iso\t18446744073709551615\r") == expected);
}

TEST_CASE("what is wrong with a manifest is told by line", "[model][image_manifest]") {
    const auto [text, errors, why] =
        GENERATE_COPY(table<std::string, std::vector<FileError>, std::string>({
            {"", {{0, "the manifest names no file"}}, "an empty one would expect nothing"},
            {"\n\n", {{0, "the manifest names no file"}}, "blank lines only"},
            {line + "<html>\n",
             {{2, "the line is not \"flavour TAB series TAB path TAB size\""}},
             "a web page"},
            {"ubuntu hoary a.iso 1\n",
             {{1, "the line is not \"flavour TAB series TAB path TAB size\""}},
             "blanks are no tabs"},
            {"ubuntu\thoary\ta.iso\t1\t\n",
             {{1, "the line is not \"flavour TAB series TAB path TAB size\""}},
             "five fields"},
            {"ubuntu\thoary\ta.iso\t-1\n", {{1, "size: \"-1\" is not a number of bytes"}}, "sign"},
            {"ubuntu\thoary\ta.iso\t1k\n", {{1, "size: \"1k\" is not a number of bytes"}}, "unit"},
            {"ubuntu\thoary\ta.iso\t\n", {{1, "size: \"\" is not a number of bytes"}}, "none"},
            {"ubuntu\thoary\ta.iso\t18446744073709551616\n",
             {{1, "size: \"18446744073709551616\" is not a number of bytes"}},
             "more than anybody has"},
            {"ubuntu\thoary\t../a.iso\t1\n",
             {{1, "path: \"../a.iso\" is not a path below the base URL"}},
             "it climbs"},
            {"ubuntu\thoary\ta/../../b\t1\n",
             {{1, "path: \"a/../../b\" is not a path below the base URL"}},
             "it climbs later"},
            {"ubuntu\thoary\t/a.iso\t1\n",
             {{1, "path: \"/a.iso\" is not a path below the base URL"}},
             "it is absolute"},
            {"\thoary\ta.iso\t1\nubuntu\t\tb.iso\t1\n",
             {{1, "flavour: \"\" is not valid here"}, {2, "series: \"\" is not valid here"}},
             "each line is told"},
            {line + "\n" + line,
             {{3, "the path \"" + hoary_iso + "\" is given twice, in line 1 and in line 3"}},
             "a file belongs to one set"},
        }));
    INFO(why);

    const auto files = parse_image_manifest(text);

    REQUIRE(files.has_error());
    CHECK(files.error() == errors);
}

TEST_CASE("a manifest has a size that it may not pass", "[model][image_manifest]") {
    const auto files = parse_image_manifest(std::string(std::size_t{20} << 20U, '\n'));

    REQUIRE(files.has_error());
    CHECK(files.error() == std::vector{FileError{0, "the manifest is larger than 16 MiB"}});
}

TEST_CASE("the folders of images are told once each", "[model][image_manifest]") {
    model::Distribution distribution;
    distribution.series.resize(2);
    distribution.series[0].images = {ImageSet{"ubuntu", {"hoary/b.iso", "hoary/a.iso", "c.iso"}},
                                     ImageSet{"kubuntu", {"hoary/k.iso", "k/hoary/k.iso"}}};
    distribution.series[1].images = {ImageSet{"ubuntu", {"hoary/w.iso"}}};

    CHECK(model::image_folders(distribution) == std::vector<std::string>{"", "hoary/", "k/hoary/"});
    CHECK(model::image_folders({}).empty());
    CHECK(model::folder_of("k/hoary/k.iso") == "k/hoary/");
    CHECK(model::folder_of("k.iso").empty());
}

TEST_CASE("a manifest replaces what the catalogue expects", "[model][image_manifest]") {
    model::Distribution distribution;
    distribution.series.resize(2);
    distribution.series[0].name = "hoary";
    distribution.series[0].images = {ImageSet{"ubuntu", {"old.iso"}}};
    distribution.series[1].name = "warty";
    distribution.series[1].images = {ImageSet{"ubuntu", {"warty.iso"}}};

    const auto unknown = expect_images(distribution, {{"ubuntu", "hoary", "u1.iso", 1},
                                                      {"kubuntu", "hoary", "k1.iso", 2},
                                                      {"ubuntu", "breezy", "b1.iso", 3},
                                                      {"ubuntu", "hoary", "u2.iso", 4},
                                                      {"kubuntu", "breezy", "b2.iso", 5}});

    CHECK(unknown == std::vector<std::string>{"breezy"});
    CHECK(distribution.series[0].images ==
          std::vector{ImageSet{"ubuntu", {"u1.iso", "u2.iso"}, {1, 4}},
                      ImageSet{"kubuntu", {"k1.iso"}, {2}}});
    CHECK(distribution.series[1].images.empty());
}
