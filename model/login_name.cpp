#include "model/login_name.hpp"

#include "model/text_rules.hpp"

#include <fmt/format.h>

namespace model {
namespace {

constexpr std::size_t login_bytes_max = 64;

}  // namespace

std::string login_name_fault(std::string_view login) {
    const bool is_plain = login.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "._@+-") == std::string_view::npos;
    if (!is_plain || login.empty() || login.size() > login_bytes_max) {
        return fmt::format("{} is no login name: letters, digits and ._@+- make one, 64 at most",
                           in_quotes(login));
    }
    if (login == "prober" || login == "owner") {
        return fmt::format("no admin can be called {}: the audit trail says that of others",
                           in_quotes(login));
    }
    return {};
}

}  // namespace model
