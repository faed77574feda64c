#pragma once

#include "tools/service/request.hpp"
#include "tools/service/response.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace service {

/// A request's head, as it was sent.
struct RequestHead {
    std::string method;
    std::string target;
    unsigned int version = 11;                                // 10 is HTTP/1.0
    std::vector<std::pair<std::string, std::string>> fields;  // names in lower case
};

/// Why a request is refused before anybody looks what it asks for: where its length, host or
/// version can be read in two ways, a proxy before us may read it in the other. Empty where
/// all is well. Source: RFC 9112, sections 3.2 and 6.
std::optional<Response> refuse_head(const RequestHead&);

/// The request without its body and captures, or why there is none.
struct ReadRequest {
    Request request;
    std::optional<Response> refusal;
};
ReadRequest read_request(RequestHead, std::string_view base_path);

/// All fields of that name, joined by ",".
std::string joined_fields(const RequestHead&, std::string_view lower_case_name);

/// What a log may say of a target: its path as it was sent, at most 300 bytes, without the
/// query, which may hold a secret.
std::string loggable_path(std::string_view target);

}  // namespace service
