#include "model/mail_address.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto mail = model::parse_mail_address({reinterpret_cast<const char*>(data), size});
    if (mail.has_value()) {
        const auto again = model::parse_mail_address(model::format_mail_address(*mail));
        assert(again.has_value() && *again == *mail);
    } else {
        assert(!mail.error().empty());
    }
    return 0;
}
