#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace service {

/// Who may keep a response, and for how long.
enum class Keeping {
    /// Anyone, asking again each time: an ETag is made from the body. Kept here too, for a few
    /// seconds: it must depend on nothing but the path, the query and the world.
    shared,
    pinned,   // a file whose name changes with its content: a year
    nowhere,  // no-store: what depends on who asks, and faults
};

/// What a handler says. The server adds Date, ETag, Content-Length, Content-Encoding (gzip
/// where the client takes it and the text gains), security and CORS fields, answers HEAD
/// without the body and If-None-Match with 304.
struct Response {
    int status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body;
    std::vector<std::pair<std::string, std::string>> fields = {};  // "Location", "Set-Cookie"
    Keeping keeping = Keeping::shared;
    bool is_gzipped = false;  // `body` is gzip already, and the client may be told so
    /// A field of the request that the answer depends on, "Cookie": caches are told. May be empty.
    std::string_view varies_with = {};
};

/// RFC 9457: `title` says what kind of fault, `detail` what to do about this one.
/// application/problem+json, `Keeping::nowhere`.
Response problem(int status, std::string_view title, std::string_view detail);

/// application/json, of text that is JSON already.
Response json_response(std::string json);

}  // namespace service
