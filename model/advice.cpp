#include "model/advice.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

namespace model {
namespace {

bool tells_something(Outcome outcome) noexcept {
    return !outcome.is_ok() && !is_inconclusive(outcome.kind) &&
           outcome.kind != OutcomeKind::skipped;
}

std::vector<std::string> about_place(const Mirror& mirror) {
    const std::string& base = probe_url(mirror);
    if (mirror.content == Content::release) {
        return {fmt::format("Does {} still lead to the CD images? If they have moved, tell us the "
                            "new URL.",
                            base),
                "Did the last sync end well, and is there still room on the disk?"};
    }
    return {
        fmt::format("Does {}dists/ still lead to the archive? The base URL must be the folder that "
                    "holds both dists/ and pool/. If the archive has moved, tell us the new URL.",
                    base),
        "Did the last sync end well, and is there still room on the disk?"};
}

std::vector<std::string> about_http(const Mirror& mirror, int status) {
    if (status == 401 || status == 403) {
        return {
            "Does the server ask for a password, or refuse some addresses or programs? A "
            "mirror is for everybody, this prober included.",
            "Can the web server's user read the files and enter every folder above them?"};
    }
    if (status == 429) {
        return {
            "Does the server limit how many requests one address may make? The prober keeps "
            "to a few connections at a time, but it asks for every index."};
    }
    if (status >= 500 && !probe_url(mirror).starts_with("ftp:")) {
        return {"The server reports a fault of its own: its error log says which.",
                "If a proxy or cache stands before the mirror, does it still reach the mirror?"};
    }
    return about_place(mirror);
}

std::vector<std::string> about_connection(OutcomeKind kind) {
    if (kind == OutcomeKind::refused || kind == OutcomeKind::unreachable) {
        return {
            "Is the server running, and does it listen on the port that the URL names, on "
            "IPv6 too if the name has such an address?",
            "Has a firewall begun to turn visitors away?"};
    }
    if (kind == OutcomeKind::timeout_connect) {
        return {"Is the machine up, and does its network let visitors in?",
                "Does a firewall silently drop connections, perhaps only over IPv6 or only from "
                "some networks?"};
    }
    if (kind == OutcomeKind::timeout_response) {
        return {"Is the server overloaded, or has it reached its limit of connections?",
                "Does its disk, or the network storage behind it, still answer?"};
    }
    return {"Does the server crash, or close connections when it is busy? Its error log may say.",
            "If a firewall or a proxy stands before it, does that one break connections?"};
}

std::vector<std::string> about_tls(OutcomeKind kind) {
    const std::string check = "`curl -I` with a URL from the log below shows the same fault.";
    switch (kind) {
    case OutcomeKind::tls_expired:
        return {
            "Is the certificate renewed in time, and does the server load the new one? Many "
            "servers keep the old one until they are reloaded.",
            check};
    case OutcomeKind::tls_self_signed:
        return {"Get a certificate from an authority that systems trust; free ones do.", check};
    case OutcomeKind::tls_wrong_host:
        return {
            "Does the certificate name the host of the URL? If several sites share the "
            "server, does it choose the right certificate for this one?",
            check};
    case OutcomeKind::tls_unknown_issuer:
        return {
            "Does the server send the intermediate certificates beside its own? Browsers "
            "often hide that fault, apt does not.",
            check};
    default: return {"Does the server speak TLS 1.2 or newer on this port?", check};
    }
}

std::vector<std::string> about_redirects(OutcomeKind kind) {
    if (kind == OutcomeKind::redirect_to_different_file) {
        return {
            "Does the server send visitors to an error page, a login or a start page instead "
            "of the file? A redirect must keep the file's name.",
            "If the archive has moved, tell us the new URL."};
    }
    return {
        "Do the redirects lead in a circle, or to an address that is no mirror? At most 3 are "
        "followed, to http, https or ftp.",
        "If the archive has moved, tell us the new URL."};
}

std::string_view remedy_of_status(int status) noexcept {
    if (status == 401 || status == 403) {
        return "Let everybody read the files: the web server's user needs rights on them and on "
               "every folder above, and nobody may be asked for a password.";
    }
    if (status == 429) {
        return "Raise the limit of requests that one address may make, or say in "
               "/.well-known/mirrorwarden.txt how many a second are welcome.";
    }
    return status >= 500 ? "The server's error log says why; if a proxy stands before the mirror, "
                           "see that it still reaches it."
                         : "";
}

}  // namespace

std::optional<Outcome> main_failure(const OutcomeCounts& outcomes) {
    std::optional<Outcome> most;
    std::uint32_t count_max = 0;
    for (const auto& [name, count] : outcomes) {
        const auto outcome = parse_outcome(name);
        if (outcome && tells_something(*outcome) && count > count_max) {
            most = outcome;
            count_max = count;
        }
    }
    const Outcome skipped{.kind = OutcomeKind::skipped};
    if (!most && outcomes.contains(to_string(skipped))) {
        return skipped;
    }
    return most;
}

std::vector<std::string> advice(const Mirror& mirror, std::optional<Outcome> failure) {
    if (!failure) {
        return about_place(mirror);
    }
    switch (failure->kind) {
    case OutcomeKind::http_status: return about_http(mirror, failure->status);
    case OutcomeKind::name_not_resolved:
        return {"Does the host name still exist, and do all name servers of its domain answer?",
                "Has the domain expired? If the mirror has a new name, tell us the new URL."};
    case OutcomeKind::refused:
    case OutcomeKind::unreachable:
    case OutcomeKind::reset:
    case OutcomeKind::timeout_connect:
    case OutcomeKind::timeout_response: return about_connection(failure->kind);
    case OutcomeKind::tls_expired:
    case OutcomeKind::tls_self_signed:
    case OutcomeKind::tls_wrong_host:
    case OutcomeKind::tls_unknown_issuer:
    case OutcomeKind::tls_failed: return about_tls(failure->kind);
    case OutcomeKind::too_many_redirects:
    case OutcomeKind::redirect_to_different_file:
    case OutcomeKind::redirect_to_unknown_scheme: return about_redirects(failure->kind);
    case OutcomeKind::invalid_answer:
        return {"Does something other than a web server answer on this port?",
                "`curl -I` with a URL from the log below shows what comes back."};
    case OutcomeKind::skipped: return about_connection(OutcomeKind::timeout_connect);
    case OutcomeKind::ok:
    case OutcomeKind::cancelled:
    case OutcomeKind::prober_trouble: break;
    }
    return about_place(mirror);
}

std::string_view usual_remedy(Outcome outcome) noexcept {
    switch (outcome.kind) {
    case OutcomeKind::http_status: return remedy_of_status(outcome.status);
    case OutcomeKind::name_not_resolved:
        return "Mend the name in the DNS, or give the mirror the URL of its new name.";
    case OutcomeKind::refused:
    case OutcomeKind::unreachable:
        return "Start the server, and let it listen on the port that the URL names; see that no "
               "firewall turns visitors away.";
    case OutcomeKind::timeout_connect:
        return "See that the machine is up and that no firewall silently drops connections.";
    case OutcomeKind::timeout_response:
        return "See that the server is not overloaded or at its limit of connections, and that "
               "its disk answers.";
    case OutcomeKind::reset:
        return "The server's error log says why it closes connections; a firewall or a proxy "
               "before it may be what does.";
    case OutcomeKind::too_many_redirects:
    case OutcomeKind::redirect_to_different_file:
    case OutcomeKind::redirect_to_unknown_scheme:
        return "Let the server give out the file itself: a redirect must lead to a file of the "
               "same name, in at most 3 steps.";
    default:
        return is_tls_failure(outcome.kind)
                   ? "Mend the certificate: one for this host, that has not expired, together "
                     "with the intermediate certificates of its issuer."
                   : "";
    }
}

}  // namespace model
