#pragma once

#include <string>
#include <string_view>

/// What text from outside may look like before it is trusted. What passes can be
/// stored by any database, printed on a terminal and put into a mail.
namespace model {

enum class Lines {
    one,
    many,  // line ends and tabs are fine
};

/// Valid UTF-8 without control characters; of zero length too.
bool is_plain_text(std::string_view, Lines) noexcept;

/// A series, component, architecture or package: [A-Za-z0-9][A-Za-z0-9+._-]*,
/// 100 bytes at most.
bool is_archive_word(std::string_view) noexcept;

/// A version, with its epoch: as an archive word, and ":" and "~" after the first.
bool is_version(std::string_view) noexcept;

/// A path below a base URL that stays there and needs no escapes in a URL:
/// segments of [A-Za-z0-9+._~:=,@^-]+, none of them "." or "..", no slash at either
/// end, 1,000 bytes at most.
bool is_relative_path(std::string_view) noexcept;

/// The text in quotation marks for a message: at most 60 bytes of it, and "?" for
/// what a terminal might obey.
std::string in_quotes(std::string_view);

}  // namespace model
