#include "model/publication_file.hpp"
#include "model/text_rules.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto publications = model::parse_publications(text);
    if (publications.has_error()) {
        assert(!publications.error().empty() && publications.error().size() <= 100);
        for (const auto& [line, sentence] : publications.error()) {
            assert(line > 0 && model::is_plain_text(sentence, model::Lines::one));
        }
        return 0;
    }
    for (const auto& publication : *publications) {
        assert(model::is_relative_path(model::pool_path(publication)) || publication.file.empty());
        assert(publication.file.empty() == !publication.file_type.has_value());
    }
    return 0;
}
