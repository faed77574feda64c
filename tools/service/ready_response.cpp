#include "tools/service/ready_response.hpp"

#include "tools/service/compression.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <openssl/evp.h>
#include <stdexcept>

namespace service {
namespace {

/// Below that a packet is a packet, compressed or not.
constexpr std::size_t compressed_bytes_least = 600;
/// Of a log: many times what a probe writes.
constexpr std::size_t log_bytes_max = 64U << 20U;

/// Nothing from elsewhere, no inline code or style, and nobody may frame us.
constexpr std::string_view security_fields =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: same-origin\r\n";

std::string_view cache_control(Keeping keeping) noexcept {
    switch (keeping) {
    case Keeping::shared: return "no-cache";
    case Keeping::pinned: return "public, max-age=31536000, immutable";
    case Keeping::nowhere: return "no-store";
    }
    return "no-store";
}

/// Half a SHA-256 is more than enough to tell two bodies apart, and strong (RFC 9110, 8.8.1).
std::string entity_tag_of(std::string_view body, Coding coding) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_Digest(body.data(), body.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("cannot compute a SHA-256");
    }
    std::string tag = "\"";
    for (std::size_t i = 0; i < 16; ++i) {
        tag += fmt::format("{:02x}", digest[i]);
    }
    return tag + (coding == Coding::gzip ? "-gz\"" : "\"");
}

bool is_compressible(std::string_view type) noexcept {
    return type.starts_with("text/") || type.find("json") != std::string_view::npos ||
           type.find("xml") != std::string_view::npos ||
           type.starts_with("application/javascript") ||
           type.starts_with("application/openmetrics");
}

void add_field(std::string& lines, std::string_view name, std::string_view value) {
    for (const std::string_view part : {name, value}) {
        if (part.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
            throw std::runtime_error(fmt::format("the field {} would end its line", name));
        }
    }
    lines += name;
    lines += ": ";
    lines += value;
    lines += "\r\n";
}

struct Body {
    std::string bytes;
    Coding coding = Coding::identity;
    bool varies = false;  // with Accept-Encoding
};

Body encode(const Response& response, Coding wanted) {
    if (response.is_gzipped) {
        if (wanted == Coding::gzip) {
            return {response.body, Coding::gzip, true};
        }
        auto plain = gunzip(response.body, log_bytes_max);
        if (!plain) {
            throw std::runtime_error("a body that is said to be gzip cannot be unpacked");
        }
        return {std::move(*plain), Coding::identity, true};
    }
    if (response.body.size() < compressed_bytes_least || !is_compressible(response.content_type)) {
        return {response.body, Coding::identity, false};
    }
    if (wanted == Coding::gzip) {
        auto packed = gzip(response.body);
        if (packed.size() < response.body.size()) {
            return {std::move(packed), Coding::gzip, true};
        }
    }
    return {response.body, Coding::identity, true};
}

std::string_view reason(int status) noexcept {
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "";
    }
}

}  // namespace

ReadyResponse make_ready(const Response& response, Coding wanted, Reader reader) {
    Body body = encode(response, wanted);
    ReadyResponse ready;
    ready.status = response.status;
    ready.fields = security_fields;
    add_field(ready.fields, "Cache-Control", cache_control(response.keeping));
    if (reader == Reader::anyone) {
        add_field(ready.fields, "Access-Control-Allow-Origin", "*");
        add_field(ready.fields, "Access-Control-Expose-Headers", "ETag, Link, Stale-Since");
    }
    if (body.varies || !response.varies_with.empty()) {
        const bool both = body.varies && !response.varies_with.empty();
        add_field(ready.fields, "Vary",
                  fmt::format("{}{}{}", body.varies ? "Accept-Encoding" : "", both ? ", " : "",
                              response.varies_with));
    }
    for (const auto& [name, value] : response.fields) {
        add_field(ready.fields, name, value);
    }
    if (reader == Reader::anyone && response.status == 200 &&
        response.keeping != Keeping::nowhere) {
        ready.entity_tag = entity_tag_of(body.bytes, body.coding);
        add_field(ready.fields, "ETag", ready.entity_tag);
    }
    if (response.content_type == "application/problem+json") {
        ready.problem = std::make_shared<const Response>(response);
    }
    if (response.status != 204) {
        add_field(ready.body_fields, "Content-Type", response.content_type);
        if (body.coding == Coding::gzip) {
            add_field(ready.body_fields, "Content-Encoding", "gzip");
        }
        add_field(ready.body_fields, "Content-Length", std::to_string(body.bytes.size()));
        ready.body = std::move(body.bytes);
    }
    return ready;
}

std::string write_head(const ReadyResponse& ready, const Sending& sending) {
    const int status = sending.is_not_modified ? 304 : ready.status;
    std::string head;
    head.reserve(200 + ready.fields.size() + ready.body_fields.size());
    fmt::format_to(std::back_inserter(head), "HTTP/1.1 {} {}\r\nDate: {}\r\n", status,
                   reason(status), sending.date);
    head += ready.fields;
    if (!sending.is_not_modified) {
        head += ready.body_fields;
    }
    if (sending.stale_since) {
        add_field(head, "Stale-Since", model::format_timestamp(*sending.stale_since));
    }
    head += sending.keeps_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
    return head;
}

std::string format_http_date(model::Timestamp when) {
    using namespace std::chrono;
    constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = floor<std::chrono::days>(when);
    const year_month_day date{day};
    const hh_mm_ss time{floor<seconds>(when - day)};
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                       days.at(weekday{day}.c_encoding()), static_cast<unsigned>(date.day()),
                       months.at(static_cast<unsigned>(date.month()) - 1),
                       static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                       time.seconds().count());
}

Response options_response(const std::vector<std::string>& allowed_methods) {
    std::string allow = "OPTIONS";
    for (const auto& method : allowed_methods) {
        allow += ", " + method;
    }
    Response response;
    response.status = 204;
    response.keeping = Keeping::nowhere;
    response.fields = {{"Allow", allow},
                       {"Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"},
                       {"Access-Control-Allow-Headers", "If-None-Match"},
                       {"Access-Control-Max-Age", "86400"}};
    return response;
}

}  // namespace service
