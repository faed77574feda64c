#pragma once

#include "model/catalog.hpp"
#include "model/outbox.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What the mails of notice.hpp are put together from; no use to anybody else.
namespace model {

enum class Role { owner, admin };

struct Recipient {
    MailAddress address;
    Role role;
};

/// A mail without what differs from one recipient to the next.
struct Letter {
    std::string occasion;  // of the Message-ID: "disabled"
    std::string subject;
    std::string body;  // between greeting and signature
    std::string mirror;
    std::string distribution_title;
    std::string identity;
    std::string id_host;
    std::string for_owners = {};  // follows `body` in what owners get
};

/// Each address once; an owner who is an admin too is written to as the owner.
std::vector<Recipient> recipients(const std::vector<MailAddress>& owners,
                                  const std::vector<MailAddress>& admins);

/// One message each, with greeting and signature.
std::vector<Message> address_to(const Letter&, const std::vector<Recipient>&);

/// Its title, or its name where it has none.
std::string title_of(const Distribution&);

/// "Foo Archive (foo-archive)", or the name alone.
std::string full_name(const Mirror&);

/// Wrapped, with an empty line after it.
std::string paragraph(std::string_view text);

/// Wrapped, behind an asterisk.
std::string list_item(std::string_view text);

}  // namespace model
