#include "prober/curl_lines.hpp"

#include "tools/cmake/catch.hpp"

#include <curl/curl.h>

#include <string>
#include <vector>

using prober::CurlLines;

namespace {

std::vector<std::string> texts_of(const CurlLines& lines) {
    std::vector<std::string> texts;
    for (const curl_slist* line = lines.get(); line != nullptr; line = line->next) {
        texts.emplace_back(line->data);
    }
    return texts;
}

}  // namespace

TEST_CASE("libcurl's lines are copies of what was appended, in order", "[prober][curl_lines]") {
    const std::string date = "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT";
    CurlLines lines;
    CHECK(lines.get() == nullptr);
    {
        const std::string gone = "If-None-Match: \"1\"";
        lines.append(gone);
    }
    lines.append("");
    lines.append(date);
    CHECK(texts_of(lines) == std::vector<std::string>{"If-None-Match: \"1\"", "", date});

    lines = {};
    CHECK(lines.get() == nullptr);
    lines.append("again");
    CHECK(texts_of(lines) == std::vector<std::string>{"again"});
}
