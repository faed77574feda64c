#include "model/publication.hpp"

namespace model {

std::string pool_path(const Publication& publication) {
    if (!publication.path.empty()) {
        return publication.path;
    }
    // So that the folder "l" does not hold a third of the archive.
    const bool is_library = publication.source.starts_with("lib");
    const std::string prefix = publication.source.substr(0, is_library ? 4 : 1);
    return "pool/" + publication.bucket.component + '/' + prefix + '/' + publication.source + '/' +
           publication.file;
}

}  // namespace model
