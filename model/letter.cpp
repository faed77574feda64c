#include "model/letter.hpp"

#include "model/plain_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace model {
namespace {

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    return text;
}

}  // namespace

std::vector<Recipient> recipients(const std::vector<MailAddress>& owners,
                                  const std::vector<MailAddress>& admins) {
    std::vector<Recipient> all;
    std::set<std::string> seen;
    const auto add = [&](const std::vector<MailAddress>& addresses, Role role) {
        for (const MailAddress& address : addresses) {
            if (seen.insert(lower(address.address)).second) {
                all.push_back({.address = address, .role = role});
            }
        }
    };
    add(owners, Role::owner);
    add(admins, Role::admin);
    return all;
}

std::string title_of(const Distribution& distribution) {
    return one_line(distribution.title.empty() ? distribution.name : distribution.title);
}

std::string paragraph(std::string_view text) {
    return wrap(text, {.first = "", .others = ""}) + '\n';
}

std::string list_item(std::string_view text) {
    return wrap(text, {.first = "  * ", .others = "    "});
}

std::vector<Message> address_to(const Letter& letter, const std::vector<Recipient>& all) {
    std::vector<Message> messages;
    for (const auto& [address, role] : all) {
        const std::string name = one_line(address.name);
        const std::string reason =
            role == Role::owner
                ? "You get this mail because you are named as an owner of this mirror."
                : fmt::format("You get this mail because you are an admin of the mirrors of {}.",
                              letter.distribution_title);
        std::string body = paragraph(name.empty() ? "Hello," : fmt::format("Hello {},", name));
        body += letter.body;
        body += role == Role::owner ? letter.for_owners : std::string();
        body += "-- \nMirrorwarden, a program that looks after mirrors\n";
        body += wrap(reason, {.first = "", .others = ""});
        messages.push_back(
            {.to = address,
             .subject = letter.subject,
             .body = std::move(body),
             .mirror = letter.mirror,
             .message_id = fmt::format("<{}.{}.{}@{}>", letter.occasion, letter.identity,
                                       messages.size() + 1, letter.id_host)});
    }
    return messages;
}

std::string full_name(const Mirror& mirror) {
    const std::string display_name = one_line(mirror.display_name);
    return display_name.empty() || display_name == mirror.name
               ? mirror.name
               : fmt::format("{} ({})", display_name, mirror.name);
}

}  // namespace model
