#include "tools/service/percent_coding.hpp"

#include "model/text_rules.hpp"

#include <algorithm>

namespace service {
namespace {

int value_of(char digit) noexcept {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

std::optional<std::string> decode(std::string_view text, Plus plus, model::Lines lines) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus == Plus::blank) {
            decoded += ' ';
        } else if (text[i] != '%') {
            decoded += text[i];
        } else {
            const int high = i + 2 < text.size() ? value_of(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? value_of(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return std::nullopt;
            }
            decoded += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    if (!model::is_plain_text(decoded, lines)) {
        return std::nullopt;
    }
    return decoded;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, Plus plus) {
    return decode(text, plus, model::Lines::one);
}

std::optional<std::vector<std::pair<std::string, std::string>>> parse_form(std::string_view text,
                                                                           std::size_t most) {
    std::vector<std::pair<std::string, std::string>> pairs;
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const auto piece = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (piece.empty()) {
            continue;
        }
        const auto equals = std::min(piece.find('='), piece.size());
        auto name = decode(piece.substr(0, equals), Plus::blank, model::Lines::one);
        auto value = decode(piece.substr(std::min(equals + 1, piece.size())), Plus::blank,
                            model::Lines::many);
        if (!name || !value || pairs.size() == most) {
            return std::nullopt;
        }
        pairs.emplace_back(std::move(*name), std::move(*value));
    }
    return pairs;
}

}  // namespace service
