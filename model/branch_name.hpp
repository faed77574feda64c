#pragma once

#include <string>
#include <string_view>

/// What an admin may call a branch, and what may be pulled from. Each returns why not, as the end
/// of a sentence that begins with the text; empty where it may be.
namespace model {

/// Parts of [A-Za-z0-9+._~@:-] with "/" between, 200 bytes at most: "~ann/tool/main". None
/// begins with "-" or ".", and not all are digits: those are numbers of branches.
std::string branch_name_fault(std::string_view name);

/// "scheme://host…" without blanks and control characters, 1,000 bytes at most; not "file": a
/// worker reads no paths. A password would be shown to whoever may list branches.
std::string branch_url_fault(std::string_view url);

}  // namespace model
