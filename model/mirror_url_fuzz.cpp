#include "model/mirror_url.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace {

/// The port's digits without zeros before them; empty if there is none. Of a URL that was accepted.
std::string_view port_digits(std::string_view url) {
    url.remove_prefix(url.find("://") + 3);
    url = url.substr(0, url.find('/'));
    const auto colon = url.find(':', url.starts_with('[') ? url.find(']') : 0);
    auto digits = colon == std::string_view::npos ? std::string_view() : url.substr(colon + 1);
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    return digits;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto* const scheme : {"http", "https", "ftp", "rsync"}) {
        const auto url = model::normalise_base_url(scheme, text);
        if (url.has_error()) {
            assert(!url.error().empty());
            continue;
        }
        const auto again = model::normalise_base_url(scheme, *url);
        assert(again.has_value() && *again == *url);
        assert(!model::host_of(*url).empty());
        assert(model::host_of(*url) == model::host_of(text));
        // Left out where it is the scheme's own; never another one.
        assert(port_digits(*url).empty() || port_digits(*url) == port_digits(text));

        model::Mirror mirror;
        mirror.http_url = *url;
        assert(model::is_valid_name(model::default_mirror_name(mirror)));
    }
    model::host_of(text);
    return 0;
}
