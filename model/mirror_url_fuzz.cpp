#include "model/mirror_url.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

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

        model::Mirror mirror;
        mirror.http_url = *url;
        assert(model::is_valid_name(model::default_mirror_name(mirror)));
    }
    model::host_of(text);
    return 0;
}
