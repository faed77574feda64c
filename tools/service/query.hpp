#pragma once

#include "model/timestamp.hpp"
#include "tools/service/read_word.hpp"
#include "tools/service/request.hpp"
#include "tools/service/response.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace service {

/// The parameters of one request, read one by one. What is wrong with any of them, or that one
/// was never asked for, is in `fault`: look there before believing what was read.
class Query {
public:
    /// The request must outlive this.
    explicit Query(const Request& request) : request_{request} {}

    struct Range {
        std::uint32_t least = 0;
        std::uint32_t most = 0;
    };

    /// At most 200 bytes.
    std::optional<std::string> text(std::string_view name);
    std::optional<bool> yes_no(std::string_view name);  // "true", "false"
    std::optional<std::uint32_t> number(std::string_view name, Range);
    std::optional<model::Timestamp> time(std::string_view name);          // RFC 3339
    std::optional<std::chrono::seconds> duration(std::string_view name);  // "6h"
    std::optional<std::vector<std::string>> list(std::string_view name);  // "a,b"; at most 50
    std::optional<std::string> country(std::string_view name);            // in upper case
    /// What `parse` makes of the text; `words` says for a person which there are.
    template <class Parse>
    auto word(std::string_view name, Parse parse, std::string_view words)
        -> decltype(parse(std::string_view{})) {
        return read_word(*this, name, parse, words);
    }

    /// Of a parameter that was read, for a reason that the caller knows: `what` is what it
    /// should be, "one of a, b".
    void refuse(std::string_view name, std::string_view what);

    /// 400, naming the first parameter that is wrong, was given twice or was not asked for.
    std::optional<Response> fault() const;

private:
    const Request& request_;
    std::set<std::string, std::less<>> known_;
    std::string fault_;
};

/// Text that may hold anything as a parameter's value: what it decodes to, and nothing else.
std::string encode_cursor(std::string_view text);
std::optional<std::string> decode_cursor(std::string_view cursor);

}  // namespace service
