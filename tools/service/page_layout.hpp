#pragma once

#include "tools/service/page_template.hpp"
#include "tools/service/request.hpp"
#include "tools/service/response.hpp"
#include "tools/service/world.hpp"

#include <string>
#include <string_view>

namespace service {

/// What makes one page different from the others.
struct Page {
    std::string_view file;  // "overview.html"
    std::string title;
    const model::Distribution* distribution = nullptr;  // whose menu it shows; may be nullptr
    PageFields fields = {};
    std::string_view here = {};  // the word of the menu that it is: "mirrors"
    int status = 200;
    bool is_live = false;  // worth asking for again while somebody looks
};

/// The page between head and foot. Each link begins with `{{base}}`.
Response page_response(const Request&, const World&, Page);

/// The same fault for a person to read.
Response page_fault(const Request&, const World&, const Response& problem);

/// Without the parameters that are empty: what a form sends of what was left open.
Request without_empty_values(Request);

/// The title, or the name where there is none.
const std::string& title_of(const model::Distribution&);

/// Text as one part of a path or a query.
std::string url_text(std::string_view);

}  // namespace service
