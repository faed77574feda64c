#pragma once

#include "model/timestamp.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace reports {

struct XmlrpcValue;
struct Member;

/// `<nil/>`
struct Nil {
    friend bool operator==(const Nil&, const Nil&) = default;
};

/// `<base64>`, decoded.
struct Bytes {
    std::string bytes;

    friend bool operator==(const Bytes&, const Bytes&) = default;
};

using Array = std::vector<XmlrpcValue>;
using Struct = std::vector<Member>;  // in order, names may repeat

/// One value of an XML-RPC call or answer. Text is valid UTF-8.
struct XmlrpcValue {
    std::variant<Nil, bool, std::int32_t, double, std::string, Bytes, model::Timestamp, Array,
                 Struct>
        value;
};

/// One of a struct.
struct Member {
    std::string name;
    XmlrpcValue value;
};

// Apart from the types: Clang 14 cannot compare what it does not know yet.
bool operator==(const Member& left, const Member& right);
inline bool operator==(const XmlrpcValue& left, const XmlrpcValue& right) {
    return left.value == right.value;
}
inline bool operator==(const Member& left, const Member& right) {
    return left.name == right.name && left.value == right.value;
}

/// Why a call was not answered with a value.
struct Fault {
    std::int32_t code = 0;
    std::string text;

    friend bool operator==(const Fault&, const Fault&) = default;
};

// Codes: "Specification for Fault Code Interoperability" of XML-RPC.
inline constexpr std::int32_t fault_not_parseable = -32700;
inline constexpr std::int32_t fault_no_such_method = -32601;
inline constexpr std::int32_t fault_wrong_arguments = -32602;

}  // namespace reports
