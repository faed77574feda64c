#pragma once

#include "tools/reports/xmlrpc_arguments.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace reports {

/// One method that may be called.
struct Method {
    std::string name;
    /// Each: the type of what it returns, and of its arguments; "boolean", "int", "string".
    std::vector<std::vector<std::string>> signatures;
    std::string help;  // for people
    /// Must look at `Arguments::fault` before it does anything.
    std::function<OrFault<XmlrpcValue>(Arguments&)> call;
};

/// Calls in one `system.multicall`, at most.
inline constexpr std::size_t multicall_max = 100;

/// The text that answers a call's text: a value or a fault. Beside `methods` there are
/// `system.listMethods`, `system.methodHelp`, `system.methodSignature` and `system.multicall`,
/// of which each call is made as if it were alone. Sources: the introspection and multicall
/// conventions of XML-RPC, as libxmlrpc-c and Python have them.
std::string answer_call(const std::vector<Method>& methods, std::string_view xml);

}  // namespace reports
