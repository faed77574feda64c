#include "model/catalog.hpp"

namespace model {

bool is_official(const Mirror& mirror) noexcept {
    return mirror.official_candidate && mirror.status == ReviewStatus::official;
}

const std::string& probe_url(const Mirror& mirror) noexcept {
    if (!mirror.https_url.empty()) {
        return mirror.https_url;
    }
    return mirror.http_url.empty() ? mirror.ftp_url : mirror.http_url;
}

}  // namespace model
