#include "model/text_rules.hpp"
#include "tools/workers/report_answer.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// What is acquired has a number and an attempt, and the words for people can be printed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libFuzzer's bytes are unsigned.
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto acquired = workers::read_acquired(text);
    if (acquired.has_value() && acquired->has_value() &&
        (model::to_integer((*acquired)->id) <= 0 || (*acquired)->attempt.empty())) {
        std::abort();
    }
    const auto words =
        workers::words_of({.status = 500, .body = std::string(text), .detail = std::string()});
    if (!model::is_plain_text(words, model::Lines::one)) {
        std::abort();
    }
    return 0;
}
