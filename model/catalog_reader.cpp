#include "model/catalog_reader.hpp"

#include "model/mail_address.hpp"
#include "model/mirror_url.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <utility>

namespace model {
namespace {

constexpr std::size_t addresses_max = 20;

}  // namespace

std::vector<MailAddress> read_addresses(TomlTable& table, std::string_view key, std::size_t least) {
    std::vector<MailAddress> addresses;
    Doubles doubles;
    for (const auto& [text, line] : table.texts(key, {least, addresses_max})) {
        auto address = parse_mail_address(text);
        if (address.has_error()) {
            table.errors().add(line, fmt::format("{}: {}", key, address.error()));
            continue;
        }
        doubles.note("the address", address->address, line, table.errors());
        addresses.push_back(std::move(*address));
    }
    return addresses;
}

std::string read_name(TomlTable& table, std::string_view key) {
    auto name = table.text(key);
    if (name && !is_valid_name(*name)) {
        table.wrong(key, fmt::format("{} is no name; use a-z, 0-9, \"+\", \".\" and \"-\", begin "
                                     "with a letter or digit, and write 100 at most",
                                     in_quotes(*name)));
        return {};
    }
    return name.value_or(std::string{});
}

}  // namespace model
