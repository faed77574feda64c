#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace service {

/// What the tags of a template stand for. A section is shown where its name has text, is true or
/// has a list that is not empty.
class PageFields {
public:
    PageFields& text(std::string_view name, std::string_view value);
    /// For `{{{name}}}`: markup that we made, and in which all text is escaped.
    PageFields& markup(std::string_view name, std::string value);
    PageFields& flag(std::string_view name, bool value);
    PageFields& list(std::string_view name, std::vector<PageFields> values);
    /// `list`, and `has_NAME`: whether there is anything in it. For what is shown once around it.
    PageFields& list_or_none(std::string_view name, std::vector<PageFields> values);

    struct Field {
        std::string name;
        std::variant<bool, std::string, std::vector<PageFields>> value;
    };
    const std::vector<Field>& all() const noexcept { return fields_; }

private:
    std::vector<Field> fields_;
};

/// Fills in a file of tools/service/pages; a `{{>part_head}}` in it stands for
/// part_head.html. What
/// `{{name}}` stands for is escaped, made valid, and cut after `page_text_max` characters.
std::string render(std::string_view file_name, const PageFields&);

inline constexpr std::size_t page_text_max = 2'000;

}  // namespace service
