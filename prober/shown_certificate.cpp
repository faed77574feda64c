#include "prober/shown_certificate.hpp"

#include "model/plain_text.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <string_view>

namespace prober {
namespace {

// OpenSSL's X509_V_ERR_..., part of its stable interface.
constexpr long unable_to_get_issuer_locally = 20;
constexpr long unable_to_verify_leaf = 21;

/// Names come from outside, and a certificate has room for long ones.
std::string bounded(const std::string& name) {
    constexpr std::size_t name_bytes_max = 300;
    return model::one_line(name.substr(0, name_bytes_max));
}

std::optional<model::Timestamp> parse_date(const std::string& text) {
    const std::time_t seconds = curl_getdate(text.c_str(), nullptr);
    return seconds < 0 ? std::nullopt
                       : std::optional(model::Timestamp(std::chrono::seconds(seconds)));
}

bool is_issuer_sent(const std::vector<ShownCertificate>& shown) {
    return std::any_of(shown.begin(), shown.end(), [&shown](const ShownCertificate& sent) {
        return sent.subject == shown.front().issuer;
    });
}

}  // namespace

std::vector<ShownCertificate> certificates_of(void* easy) {
    const curl_certinfo* info = nullptr;
    curl_easy_getinfo(easy, CURLINFO_CERTINFO, &info);
    std::vector<ShownCertificate> shown;
    for (int i = 0; info != nullptr && i < info->num_of_certs; ++i) {
        auto& certificate = shown.emplace_back();
        for (const auto* line = info->certinfo[i]; line != nullptr; line = line->next) {
            const std::string_view text(line->data);
            const auto colon = text.find(':');
            if (colon == std::string_view::npos) {
                continue;
            }
            const auto name = text.substr(0, colon);
            const std::string value(text.substr(colon + 1));
            if (name == "Subject") {
                certificate.subject = value;
            } else if (name == "Issuer") {
                certificate.issuer = value;
            } else if (name == "Start date") {
                certificate.not_before = value;
            } else if (name == "Expire date") {
                certificate.not_after = value;
            }
        }
    }
    return shown;
}

std::optional<model::CertificateState> describe_certificate(
    const std::string& host, const std::vector<ShownCertificate>& shown, long verify_result) {
    if (shown.empty()) {
        return std::nullopt;
    }
    const auto& own = shown.front();
    const auto not_before = parse_date(own.not_before);
    const auto not_after = parse_date(own.not_after);
    if (!not_before || !not_after) {
        return std::nullopt;
    }
    const bool has_unknown_issuer =
        verify_result == unable_to_get_issuer_locally || verify_result == unable_to_verify_leaf;
    return model::CertificateState{
        .host = host,
        .subject = bounded(own.subject),
        .issuer = bounded(own.issuer),
        .not_before = *not_before,
        .not_after = *not_after,
        .lacks_intermediate = has_unknown_issuer && !is_issuer_sent(shown)};
}

}  // namespace prober
