#include "prober/curl_lines.hpp"

#include <curl/curl.h>

#include <new>

namespace prober {

void CurlLines::Free::operator()(curl_slist* list) const noexcept {
    curl_slist_free_all(list);
}

void CurlLines::append(const std::string& line) {
    // It changes the list that it is given, and returns its beginning.
    curl_slist* const longer = curl_slist_append(list_.get(), line.c_str());
    if (longer == nullptr) {
        throw std::bad_alloc();
    }
    static_cast<void>(list_.release());
    list_.reset(longer);
}

}  // namespace prober
