#include "tools/service/read_request.hpp"

#include "model/plain_text.hpp"
#include "tools/service/request_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace service {
namespace {

constexpr std::size_t logged_bytes_max = 300;

std::size_t count_fields(const RequestHead& head, std::string_view name) {
    return static_cast<std::size_t>(
        std::ranges::count_if(head.fields, [&](const auto& field) { return field.first == name; }));
}

Response bad_request(std::string_view detail) {
    return problem(400, "bad request", detail);
}

std::string_view describe(TargetFault fault) noexcept {
    switch (fault) {
    case TargetFault::malformed:
        return "The path or query cannot be read: escapes must be two hexadecimal digits each, "
               "and make valid UTF-8 without control characters.";
    case TargetFault::leaves_place:
        return R"(The path has an empty segment, or one that is "." or "..".)";
    case TargetFault::other_place: return "There is nothing here outside of the service's path.";
    }
    return "";
}

}  // namespace

std::optional<Response> refuse_head(const RequestHead& head) {
    const auto lengths = count_fields(head, "content-length");
    const auto codings = count_fields(head, "transfer-encoding");
    if (head.version != 10 && head.version != 11) {
        return problem(505, "HTTP version not supported", "Ask in HTTP/1.1.");
    }
    if (lengths > 1) {
        return bad_request("The request says twice how long it is.");
    }
    if (lengths == 1 && joined_fields(head, "content-length").find_first_not_of("0123456789") !=
                            std::string::npos) {
        return bad_request("The request's length is no number.");
    }
    if (codings > 0 && (lengths > 0 || head.version == 10)) {
        return bad_request("The request says in two ways how long it is.");
    }
    if (codings > 1 || (codings == 1 && joined_fields(head, "transfer-encoding") != "chunked")) {
        return bad_request("The only transfer coding that is understood is \"chunked\".");
    }
    const auto hosts = count_fields(head, "host");
    if (hosts > 1 || (hosts == 0 && head.version == 11)) {
        return bad_request("The request must have one Host field.");
    }
    return std::nullopt;
}

ReadRequest read_request(RequestHead head, std::string_view base_path) {
    ReadRequest read;
    Request& request = read.request;
    auto target = parse_target(head.target, base_path);
    if (target.has_error()) {
        read.refusal = target.error() == TargetFault::other_place
                           ? problem(404, "not found", describe(target.error()))
                           : bad_request(describe(target.error()));
    } else {
        request.path = std::move(target->path);
        request.query = std::move(target->query);
    }
    request.method = std::move(head.method);
    request.base_path = base_path;
    for (auto& [name, value] : head.fields) {
        request.fields.emplace_back(std::move(name), model::one_line(value));
    }
    return read;
}

std::string joined_fields(const RequestHead& head, std::string_view lower_case_name) {
    std::string joined;
    for (const auto& [name, value] : head.fields) {
        if (name == lower_case_name) {
            joined += (joined.empty() ? "" : ",") + value;
        }
    }
    return joined;
}

std::string loggable_path(std::string_view target) {
    target = target.substr(0, std::min(target.find('?'), target.size()));
    std::string path;
    for (const char c : target.substr(0, logged_bytes_max)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 0x20 && byte < 0x7F) {
            path += c;
        } else {
            path += fmt::format("%{:02X}", byte);
        }
    }
    return path + (target.size() > logged_bytes_max ? "..." : "");
}

}  // namespace service
