#pragma once

#include "model/timestamp.hpp"
#include "tools/service/response.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace service {

enum class Coding { identity, gzip };

/// A response in the form in which it travels: all that does not change from one request to
/// the next is made, so that it can be sent many times.
struct ReadyResponse {
    int status = 200;
    std::string fields;       // lines, each ended by CRLF; those that a 304 has, too
    std::string body_fields;  // Content-Type, Content-Encoding, Content-Length
    std::string entity_tag;   // "\"…\""; empty where there is none
    std::string body;
    /// The response itself where it is a problem, so that it can be shown as a page.
    std::shared_ptr<const Response> problem;
};

/// Whose pages may read the answer: anyone's that of a GET, our own that of a change.
enum class Reader { anyone, same_origin };

/// Compresses where it is wanted and gains, makes the ETag, adds the fields for security and
/// CORS. Throws `std::runtime_error` for a field with a line end in it, which would be a
/// second field to the client, and for a body that is said to be gzip and is not.
ReadyResponse make_ready(const Response&, Coding wanted, Reader);

/// What is said with one request's answer alone.
struct Sending {
    bool keeps_alive = true;
    bool is_not_modified = false;  // 304: without the body
    std::string_view date = {};    // as `format_http_date` writes it
    std::optional<model::Timestamp> stale_since = {};
};

/// Status line and fields, with the empty line that ends them.
std::string write_head(const ReadyResponse&, const Sending&);

/// "Sun, 06 Nov 1994 08:49:37 GMT". Source: RFC 9110, section 5.6.7.
std::string format_http_date(model::Timestamp);

/// The answer to OPTIONS: what may be asked, and that pages of other origins may read.
Response options_response(const std::vector<std::string>& allowed_methods);

}  // namespace service
