#include "model/catalog_file.hpp"
#include "model/mirror_url.hpp"
#include "model/policy.hpp"
#include "model/text_rules.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <set>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto catalog = model::parse_catalog({reinterpret_cast<const char*>(data), size});
    if (catalog.has_error()) {
        assert(!catalog.error().empty() && catalog.error().size() <= 100);
        int earlier = 0;
        for (const auto& [line, sentence] : catalog.error()) {
            assert(line >= earlier && model::is_plain_text(sentence, model::Lines::one));
            earlier = line;
        }
        return 0;
    }
    std::set<std::string> names;
    for (const auto& [mirror, enabled, line] : catalog->mirrors) {
        assert(line > 0);
        assert(!mirror.owners.empty());
        assert(!model::probe_url(mirror).empty());
        assert(model::is_valid_name(mirror.name) && names.insert(mirror.name).second);
    }
    for (const auto& distribution : catalog->distributions) {
        assert(model::is_valid_name(distribution.name) && !distribution.pockets.empty());
        assert(distribution.sync_grace.count() >= 0);
        assert(distribution.keyring.empty() || distribution.keyring.starts_with('/'));
        for (const auto& word : distribution.disable_when) {
            assert(model::parse_disable_reason(word).has_value());
        }
    }
    return 0;
}
