#include "model/mail_address.hpp"

#include "model/text_rules.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace model {
namespace {

using boost::system::in_place_error;

// Source: RFC 5321, sections 4.5.3.1.1 and 4.5.3.1.3.
constexpr std::size_t local_bytes_max = 64;
constexpr std::size_t address_bytes_max = 254;
constexpr std::size_t label_bytes_max = 63;
constexpr std::size_t text_bytes_max = 1'000;

/// What may stand in a name only within quotation marks. Source: RFC 5322, 3.2.3.
constexpr std::string_view specials = "()<>[]:;@\\,\"";

constexpr bool is_letter_or_digit(char letter) noexcept {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9');
}

std::string_view trimmed(std::string_view text) noexcept {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

/// Parts divided by points, none of them empty, each as `is_part` wants it.
template <class Predicate>
bool is_dotted(std::string_view text, Predicate is_part) {
    while (true) {
        const auto part = text.substr(0, text.find('.'));
        if (part.empty() || !is_part(part)) {
            return false;
        }
        if (part.size() == text.size()) {
            return true;
        }
        text.remove_prefix(part.size() + 1);
    }
}

bool is_local_part(std::string_view text) {
    constexpr std::string_view others = "!#$%&'*+-/=?^_`{|}~";
    return text.size() <= local_bytes_max && is_dotted(text, [others](std::string_view part) {
               return std::all_of(part.begin(), part.end(), [others](char letter) {
                   return is_letter_or_digit(letter) ||
                          others.find(letter) != std::string_view::npos;
               });
           });
}

bool is_host(std::string_view text) {
    return is_dotted(text, [](std::string_view label) {
        return label.size() <= label_bytes_max && label.front() != '-' && label.back() != '-' &&
               std::all_of(label.begin(), label.end(),
                           [](char letter) { return is_letter_or_digit(letter) || letter == '-'; });
    });
}

/// What is wrong with "local@host"; empty if nothing.
std::string fault_in_address(std::string_view address) {
    if (address.empty()) {
        return "the mail address is empty";
    }
    if (address.find_first_of(",;<>") != std::string_view::npos) {
        return "there is more than one mail address; write one only";
    }
    const auto at = address.find('@');
    if (at == std::string_view::npos) {
        return in_quotes(address) + " is no mail address: it has no \"@\"";
    }
    if (address.size() > address_bytes_max) {
        return "the mail address is longer than 254 bytes";
    }
    if (!is_local_part(address.substr(0, at))) {
        return in_quotes(address.substr(0, at)) +
               " before the \"@\" of a mail address is not valid";
    }
    if (!is_host(address.substr(at + 1))) {
        return in_quotes(address.substr(at + 1)) + " after the \"@\" of a mail address is no host";
    }
    return {};
}

/// A text taken from the front, and what is left behind it.
struct Taken {
    std::string text;
    std::string_view rest;
};

/// Takes `"Foo \"Bar\""`; empty if the last mark is missing.
std::optional<Taken> take_quoted(std::string_view text) {
    Taken taken;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            taken.rest = text.substr(i + 1);
            return taken;
        }
        if (text[i] == '\\' && i + 1 < text.size()) {
            ++i;
        }
        taken.text += text[i];
    }
    return std::nullopt;
}

/// What is wrong with a name without quotation marks; empty if nothing.
std::string fault_in_name(std::string_view name) {
    const auto special = name.find_first_of(specials);
    if (special == std::string_view::npos) {
        return {};
    }
    if (name[special] == '(') {
        return "a comment in parentheses is not understood; leave it out";
    }
    return "a name with " + in_quotes(name.substr(special, 1)) +
           " must stand in quotation marks; write one address only";
}

}  // namespace

boost::system::result<MailAddress, std::string> parse_mail_address(std::string_view text) {
    if (text.size() > text_bytes_max) {
        return {in_place_error, "the mail address is longer than 1,000 bytes"};
    }
    if (!is_plain_text(text, Lines::one)) {
        return {in_place_error, "the mail address holds a control character, or is not UTF-8"};
    }
    text = trimmed(text);
    Taken name{{}, text};
    if (text.starts_with('"')) {
        auto taken = take_quoted(text);
        if (!taken) {
            return {in_place_error, "the name's quotation mark is not closed"};
        }
        name = std::move(*taken);
    } else if (const auto bracket = text.find('<'); bracket != std::string_view::npos) {
        name = {std::string(text.substr(0, bracket)), text.substr(bracket)};
        if (auto fault = fault_in_name(name.text); !fault.empty()) {
            return {in_place_error, fault};
        }
    }

    auto address = trimmed(name.rest);
    const bool is_in_brackets = address.starts_with('<') && address.ends_with('>');
    if (is_in_brackets) {
        address = address.substr(1, address.size() - 2);
    } else if (text.starts_with('"') || address.starts_with('<')) {
        return {in_place_error, "the address must follow the name as <local@host>, and end there"};
    }
    if (auto fault = fault_in_address(address); !fault.empty()) {
        return {in_place_error, fault};
    }
    return MailAddress{std::string(trimmed(name.text)), std::string(address)};
}

std::string format_mail_address(const MailAddress& mail) {
    if (mail.name.empty()) {
        return mail.address;
    }
    std::string name = mail.name;
    if (name.find_first_of(specials) != std::string_view::npos) {
        name = "\"";
        for (const char letter : mail.name) {
            if (letter == '"' || letter == '\\') {
                name += '\\';
            }
            name += letter;
        }
        name += '"';
    }
    return name + " <" + mail.address + ">";
}

}  // namespace model
