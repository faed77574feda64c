#pragma once

#include "model/timestamp.hpp"
#include "tools/service/read_word.hpp"
#include "tools/service/request.hpp"
#include "tools/service/response.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace service {

/// What a change was sent with, as a JSON object or as a form, read field by field. What is
/// wrong with any of them, or that one was never asked for, is in `fault`: look there before
/// believing what was read.
class ChangeBody {
public:
    /// Of the request's JSON; nothing sent is an object without fields. 415 or 400 in `fault`
    /// where it is none.
    static ChangeBody from_json(const Request&);

    /// Of `Request::form`. Fields that no change has, `csrf` and `next`, are left out, and an
    /// empty field is one that was not sent, but where `keeps_empty` asks for it.
    enum class Empty { is_not_sent, is_empty };
    static ChangeBody from_form(const Request&, Empty);

    std::optional<std::string> text(std::string_view name);
    std::optional<bool> flag(std::string_view name);  // true, false
    std::vector<std::string> texts(std::string_view name);
    /// RFC 3339 in UTC; seconds and zone may be left out, as browsers do.
    std::optional<model::Timestamp> time(std::string_view name);
    bool is_null(std::string_view name);  // JSON's null
    /// What `parse` makes of the text; `words` says for a person which there are.
    template <class Parse>
    auto word(std::string_view name, Parse parse, std::string_view words)
        -> decltype(parse(std::string_view{})) {
        return read_word(*this, name, parse, words);
    }

    /// `what` is what the field should be, "one of a, b".
    void refuse(std::string_view name, std::string_view what);

    /// 422, naming the first field that is wrong or was not asked for.
    std::optional<Response> fault() const;

private:
    struct Value {
        enum class Kind { null, flag, text, texts, other } kind = Kind::other;
        bool flag = false;
        std::vector<std::string> texts = {};
    };

    const Value* find(std::string_view name);

    std::map<std::string, Value, std::less<>> values_;
    std::set<std::string, std::less<>> known_;
    std::string fault_;
    std::optional<Response> refusal_;  // of the whole
};

}  // namespace service
