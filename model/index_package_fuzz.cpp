// A package that is read from anything stays in its archive, and keeps its key as a publication.

#include "model/index_package.hpp"
#include "model/text_rules.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

void check(model::IndexKind kind, const model::Stanza& stanza) {
    const auto package = model::read_index_package(kind, stanza);
    if (package.has_error()) {
        assert(!package.error().what.empty());
        return;
    }
    const auto path = model::path_of(*package);
    assert(path.empty() || model::is_relative_path(path));
    const model::Bucket bucket{"series", model::Pocket::release, "main",
                               kind == model::IndexKind::sources ? "source" : "amd64"};
    const auto publication = model::publication_of(*package, "distribution", bucket, {});
    assert(package->file.empty() ||
           model::package_key(publication) == model::package_key(*package));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto kind : {model::IndexKind::packages, model::IndexKind::sources}) {
        model::Deb822Reader reader({.stanza_bytes_max = 4096},
                                   [kind](const model::Stanza& stanza) { check(kind, stanza); });
        reader.feed(text);
        reader.finish();
    }
    return 0;
}
