#pragma once

#include "tools/reports/xmlrpc_codec.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reports {

/// A call's arguments, read one after the other. What is wrong with any of them, or that there
/// are more than were read, is in `fault`: look there before believing what was read. Names are
/// for people.
class Arguments {
public:
    /// `values` outlives it.
    explicit Arguments(const Array& values) : values_{values} {}
    explicit Arguments(Array&&) = delete;

    std::int32_t integer(std::string_view name);
    /// A string, or the bytes of a base64: XML cannot say every character.
    std::string text(std::string_view name);
    /// Empty where it is left out, or nil.
    std::string text_if_any(std::string_view name);
    /// An array of strings; empty where it is left out, or nil.
    std::vector<std::string> texts_if_any(std::string_view name);
    /// A dateTime.iso8601 or the nine integers of Python's `timetuple`, both UTC.
    model::Timestamp time(std::string_view name);
    /// Any.
    XmlrpcValue value(std::string_view name);

    /// `what` is what the argument should be, "one of a, b".
    void refuse(std::string_view name, std::string_view what);

    /// `fault_wrong_arguments`, of the first that is wrong.
    std::optional<Fault> fault() const;

private:
    const XmlrpcValue* next();
    const XmlrpcValue* needed(std::string_view name);

    const Array& values_;
    std::size_t read_ = 0;
    std::optional<Fault> fault_;
};

}  // namespace reports
