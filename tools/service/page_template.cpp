#include "tools/service/page_template.hpp"

#include "tools/service/page_files.hpp"
#include "tools/service/xml_text.hpp"

#include <cassert>
#include <kainjow/mustache.hpp>
#include <utility>

namespace service {
namespace {

namespace mustache = kainjow::mustache;

mustache::data to_data(const PageFields& fields) {
    mustache::data data;
    for (const PageFields::Field& field : fields.all()) {
        if (const auto* const text = std::get_if<std::string>(&field.value)) {
            // Empty text counts as true there.
            data.set(field.name, text->empty() ? mustache::data{false} : mustache::data{*text});
        } else if (const auto* const list = std::get_if<std::vector<PageFields>>(&field.value)) {
            mustache::list items;
            items.reserve(list->size());
            for (const PageFields& item : *list) {
                items.push_back(to_data(item));
            }
            data.set(field.name, mustache::data{items});
        } else {
            data.set(field.name, mustache::data{std::get<bool>(field.value)});
        }
    }
    return data;
}

}  // namespace

PageFields& PageFields::text(std::string_view name, std::string_view value) {
    fields_.push_back({std::string{name}, std::string{value}});
    return *this;
}

PageFields& PageFields::markup(std::string_view name, std::string value) {
    fields_.push_back({std::string{name}, std::move(value)});
    return *this;
}

PageFields& PageFields::flag(std::string_view name, bool value) {
    fields_.push_back({std::string{name}, value});
    return *this;
}

PageFields& PageFields::list(std::string_view name, std::vector<PageFields> values) {
    fields_.push_back({std::string{name}, std::move(values)});
    return *this;
}

PageFields& PageFields::list_or_none(std::string_view name, std::vector<PageFields> values) {
    flag("has_" + std::string{name}, !values.empty());
    return list(name, std::move(values));
}

std::string render(std::string_view file_name, const PageFields& fields) {
    mustache::data data = to_data(fields);
    for (const PageFile& file : page_files()) {
        if (file.name.starts_with("part_")) {
            const std::string name{file.name.substr(0, file.name.size() - 5)};
            data.set(name, mustache::partial{[&file] { return std::string{file.text}; }});
        }
    }
    mustache::mustache page{std::string{page_file(file_name).text}};
    assert(page.is_valid());
    page.set_custom_escape([](const std::string& text) { return xml_text(text, page_text_max); });
    std::string html;
    page.render(data, [&html](const std::string& part) { html += part; });
    return html;
}

}  // namespace service
