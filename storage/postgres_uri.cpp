#include "storage/postgres_uri.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace storage {
namespace {

/// The parts of "postgresql://user:password@host:port/name?key=value&...".
struct Parts {
    std::string_view user;      // with the password
    std::string_view location;  // "host:port/name"
    std::string_view query;
};

/// Empty if more than one reading is possible: a password with an unescaped "@".
std::optional<Parts> split(std::string_view uri) {
    const auto scheme = uri.find("://");
    if (scheme == std::string_view::npos) {
        return std::nullopt;
    }
    std::string_view rest = uri.substr(scheme + 3);
    Parts parts;
    if (const auto mark = rest.find('?'); mark != std::string_view::npos) {
        parts.query = rest.substr(mark + 1);
        rest = rest.substr(0, mark);
    }
    if (std::count(rest.begin(), rest.end(), '@') > 1 ||
        parts.query.find('@') != std::string_view::npos) {
        return std::nullopt;
    }
    const auto at = rest.find('@');
    if (at != std::string_view::npos) {
        parts.user = rest.substr(0, at);
        rest = rest.substr(at + 1);
    }
    if (parts.user.find('/') != std::string_view::npos) {
        return std::nullopt;
    }
    parts.location = rest;
    return parts;
}

std::string decode(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned int byte = 0;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr ==
                text.data() + i + 3) {
            decoded += static_cast<char>(byte);
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

/// The value of a key in the query, which may be there several times.
std::vector<std::string_view> find_values(std::string_view query, std::string_view key) {
    std::vector<std::string_view> values;
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        if (pair.size() > key.size() && pair.starts_with(key) && pair[key.size()] == '=') {
            values.push_back(pair.substr(key.size() + 1));
        }
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return values;
}

void replace_all(std::string& text, const std::string& secret) {
    if (secret.empty()) {
        return;
    }
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3)) {
        text.replace(at, secret.size(), "***");
    }
}

std::string on_one_line(std::string_view text) {
    std::string line;
    for (const char c : text) {
        const bool is_blank = std::isspace(static_cast<unsigned char>(c)) != 0;
        if (!is_blank || (!line.empty() && line.back() != ' ')) {
            line += is_blank ? ' ' : c;
        }
    }
    while (!line.empty() && line.back() == ' ') {
        line.pop_back();
    }
    return line;
}

}  // namespace

std::string describe_postgres_uri(std::string_view uri) {
    const auto parts = split(uri);
    if (!parts) {
        return "the PostgreSQL database";
    }
    return "postgresql://" + std::string{parts->location};
}

std::string complete_postgres_uri(std::string_view uri) {
    const auto mark = uri.find('?');
    const std::string_view query = mark == std::string_view::npos ? "" : uri.substr(mark + 1);
    std::string complete{uri};
    const auto add = [&](std::string_view key, std::string_view value) {
        complete += complete.find('?') == std::string::npos ? '?' : '&';
        complete += key;
        complete += '=';
        complete += value;
    };
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> wanted = {{
        {"connect_timeout", "10"},
        {"client_encoding", "UTF8"},
        {"fallback_application_name", "mirrorwarden"},
        {"keepalives_idle", "30"},
        {"keepalives_interval", "10"},
        {"keepalives_count", "3"},
        {"tcp_user_timeout", "30000"},
    }};
    for (const auto& [key, value] : wanted) {
        if (find_values(query, key).empty()) {
            add(key, value);
        }
    }
    // libpq takes the last `options`; the user's own come after ours, and win.
    std::string options =
        "-c%20client_min_messages%3Derror%20-c%20bytea_output%3Dhex"
        "%20-c%20lock_timeout%3D30s"
        "%20-c%20idle_in_transaction_session_timeout%3D60s";
    if (const auto values = find_values(query, "options"); !values.empty()) {
        options += "%20";
        options += values.back();
    }
    add("options", options);
    return complete;
}

std::string redact(std::string_view text, std::string_view uri) {
    const auto parts = split(uri);
    if (!parts) {
        return R"(is every "@", "/" and "?" of the password written as %40, %2F and %3F?)";
    }
    std::string line = on_one_line(text);
    std::vector<std::string_view> secrets = find_values(parts->query, "password");
    if (const auto colon = parts->user.find(':'); colon != std::string_view::npos) {
        secrets.push_back(parts->user.substr(colon + 1));
    }
    for (const std::string_view secret : secrets) {
        replace_all(line, std::string{secret});
        replace_all(line, decode(secret));
    }
    return line;
}

}  // namespace storage
