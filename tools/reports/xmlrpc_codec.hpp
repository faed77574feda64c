#pragma once

#include "tools/reports/xmlrpc_value.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

/// XML-RPC as text. Source: the XML-RPC specification (2003), with `<nil/>` and without a
/// document type: no entity but XML's own five is ever expanded. Pure.
namespace reports {

struct MethodCall {
    std::string method;
    Array parameters;

    friend bool operator==(const MethodCall&, const MethodCall&) = default;
};

template <class T>
using OrFault = boost::system::result<T, Fault>;

/// Values within values, at most; of the text's length the caller takes care.
inline constexpr int xmlrpc_depth_max = 32;

/// What is no call is `fault_not_parseable`; a value of a type that there is not, or that is
/// not of its type ("<int>x</int>", beyond 32 bits), is `fault_wrong_arguments`.
OrFault<MethodCall> parse_call(std::string_view xml);
/// An answer's value, or the fault that it is; one that is neither is `fault_not_parseable`.
OrFault<XmlrpcValue> parse_answer(std::string_view xml);

std::string call_text(const MethodCall&);
std::string answer_text(const XmlrpcValue&);
std::string fault_text(const Fault&);

}  // namespace reports
