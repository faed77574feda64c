#include "model/notice.hpp"

#include "model/advice.hpp"
#include "model/letter.hpp"
#include "model/plain_text.hpp"
#include "model/probe_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <span>
#include <utility>

namespace model {
namespace {

constexpr std::size_t log_lines_max = 20;
constexpr std::size_t findings_max = 10;
constexpr std::size_t mirrors_listed_max = 50;

/// "160 indexes: none was found"
std::string balance(const Mirror& mirror, const ProbeRecord& record) {
    const bool is_one = record.expected == 1;
    const std::string_view thing = mirror.content == Content::archive
                                       ? (is_one ? "index" : "indexes")
                                       : (is_one ? "set of CD images" : "sets of CD images");
    std::string found =
        record.found == 1 ? "1 was found" : fmt::format("{} were found", record.found);
    if (record.found == 0) {
        found = is_one ? "it was not found" : "none was found";
    } else if (record.found == record.expected) {
        found = is_one ? "it was found" : "all were found";
    }
    return fmt::format("{} {}: {}", record.expected, thing, found);
}

std::string mirror_facts(const NoticeFacts& facts) {
    return fmt::format("  Mirror:        {}\n  Distribution:  {}\n  Base URL:      {}\n",
                       full_name(facts.mirror), title_of(facts.distribution),
                       one_line(probe_url(facts.mirror)));
}

std::string probe_facts(const NoticeFacts& facts) {
    const auto started = std::chrono::floor<std::chrono::seconds>(facts.record.started);
    const auto finished = std::chrono::floor<std::chrono::seconds>(facts.record.finished);
    return fmt::format("{}  Probed:        {} to {}\n  Looked for:    {}\n\n", mirror_facts(facts),
                       format_timestamp(started), format_timestamp(finished),
                       balance(facts.mirror, facts.record));
}

std::string what_came_back(const ProbeRecord& record) {
    std::vector<std::pair<std::uint32_t, std::string>> most_first;
    for (const auto& [name, count] : record.outcomes) {
        most_first.emplace_back(count, name);
    }
    std::ranges::stable_sort(most_first, std::ranges::greater{},
                             &std::pair<std::uint32_t, std::string>::first);
    std::string text;
    for (const auto& [count, name] : most_first) {
        const auto outcome = parse_outcome(name);
        const std::string first = fmt::format("{:>7} x ", count);
        text += wrap(outcome ? fmt::format("{}: {}", name, explain(outcome->kind)) : one_line(name),
                     {.first = first, .others = "          "});
    }
    return text.empty() ? "" : paragraph("What came back:") + text + '\n';
}

std::string log_excerpt(const NoticeFacts& facts) {
    std::string text;
    if (!facts.log_head.empty()) {
        text = paragraph("The log begins like this:");
        std::string_view rest = facts.log_head;
        for (std::size_t i = 0; i < log_lines_max && !rest.empty(); ++i) {
            const std::string line = first_lines(rest, 1);
            rest.remove_prefix(line.size());
            text += "  " + one_line(std::string_view{line}.substr(0, line.find('\n'))) + '\n';
        }
        text += '\n';
    }
    return text + paragraph("The admins can read all of it with this command:") +
           fmt::format("  mirrorwarden log {} --at {}\n\n", facts.mirror.name,
                       format_timestamp(facts.record.started));
}

std::string things_to_check(const NoticeFacts& facts) {
    std::string text = paragraph("What you may want to check:");
    for (const std::string& item : advice(facts.mirror, main_failure(facts.record.outcomes))) {
        text += list_item(one_line(item));
    }
    return text + '\n';
}

/// Not wrapped: it is to be copied into a shell.
std::string finding_line(std::string_view label, const std::string& value) {
    return value.empty() ? "" : fmt::format("    {:<10}{}\n", label, one_line(value));
}

std::string finding_text(const Finding& finding) {
    std::string text =
        list_item(fmt::format("{}: {}", one_line(finding.subject), one_line(finding.summary)));
    text += finding_line("Rule:", finding.rule);
    text += finding_line("Asked:", finding.request);
    text += finding_line("Answered:", finding.answer);
    text += finding_line("Expected:", finding.expected);
    text += finding_line("See it:", finding.curl);
    if (!finding.remedy.empty()) {
        text +=
            wrap(one_line(finding.remedy), {.first = "    Mend it:  ", .others = "              "});
    }
    return text + '\n';
}

std::string what_was_found(const NoticeFacts& facts) {
    std::string text;
    std::size_t told = 0;
    std::size_t left_out = 0;
    for (const Finding& finding : facts.findings) {
        if (finding.severity == Severity::good) {
            continue;
        }
        if (told == findings_max) {
            ++left_out;
            continue;
        }
        text += finding_text(finding);
        ++told;
    }
    if (left_out > 0) {
        text += list_item(fmt::format("and {} more", left_out)) + '\n';
    }
    return text.empty() ? "" : paragraph("What was found:") + text;
}

/// "the first good probe"
std::string enough_probes(const Distribution& distribution) {
    const int enough = distribution.successes_before_enable;
    return enough > 1 ? fmt::format("{} good probes in a row", enough) : "the first good probe";
}

bool has_no_content(const NoticeFacts& facts) {
    return facts.why.empty() || std::ranges::find(facts.why, "no-content") != facts.why.end();
}

/// "it had none of the indexes that it should have"
std::string fault(const NoticeFacts& facts) {
    if (!has_no_content(facts)) {
        return fmt::format("it was not as the mirrors of {} have to be",
                           title_of(facts.distribution));
    }
    return facts.mirror.content == Content::archive
               ? "it had none of the indexes that it should have"
               : "some of the CD images that it should have are missing";
}

/// What the distribution does not put up with.
std::string reasons(const NoticeFacts& facts) {
    std::string text;
    for (const std::string& why : facts.why) {
        text += why == "no-content" ? "" : list_item(one_line(why));
    }
    return text.empty() ? ""
                        : paragraph("What the distribution does not put up with:") + text + '\n';
}

/// Not wrapped: a link that is broken in two is none.
std::string link_for_owners(const NoticeFacts& facts) {
    if (facts.owner_link.empty()) {
        return {};
    }
    return paragraph(
               "You need no account to have it checked again now, or to say until when you work "
               "on it. This page, which is for you alone, is good for 30 days:") +
           "  " + facts.owner_link + "\n\n";
}

std::vector<Message> to_owners_and_admins(const NoticeFacts& facts, Letter letter) {
    letter.mirror = facts.mirror.name;
    letter.distribution_title = title_of(facts.distribution);
    letter.identity = facts.identity;
    letter.id_host = facts.id_host;
    letter.for_owners = link_for_owners(facts);
    return address_to(letter, recipients(facts.mirror.owners, facts.distribution.admins));
}

std::string subject(const NoticeFacts& facts, std::string_view what) {
    return fmt::format("Mirror {} of {} {}", facts.mirror.name, title_of(facts.distribution), what);
}

}  // namespace

std::vector<Message> disabled_by_prober_notice(const NoticeFacts& facts) {
    Letter letter;
    letter.occasion = "disabled";
    letter.subject = subject(facts, "was disabled");
    letter.body =
        paragraph(fmt::format("the mirror {} of {} is no longer listed: when it was probed, {}.",
                              full_name(facts.mirror), title_of(facts.distribution),
                              fault(facts))) +
        probe_facts(facts) + reasons(facts) + what_was_found(facts) + what_came_back(facts.record) +
        (has_no_content(facts) ? things_to_check(facts) : std::string{}) + log_excerpt(facts) +
        paragraph(fmt::format(
            "You need not tell anybody when it works again. The mirror is still probed "
            "every day, and after {} it is listed again by itself. Thank you for running it!",
            enough_probes(facts.distribution)));
    return to_owners_and_admins(facts, std::move(letter));
}

std::vector<Message> enabled_by_prober_notice(const NoticeFacts& facts) {
    Letter letter;
    letter.occasion = "enabled";
    letter.subject = subject(facts, "is listed again");
    letter.body =
        paragraph(fmt::format("the mirror {} of {} passed its probe and is listed again. There is "
                              "nothing you need to do. Thank you for running it!",
                              full_name(facts.mirror), title_of(facts.distribution))) +
        probe_facts(facts) + what_came_back(facts.record) + log_excerpt(facts);
    return to_owners_and_admins(facts, std::move(letter));
}

std::vector<Message> state_notice(const NoticeFacts& facts, StateChange change) {
    const std::string name = full_name(facts.mirror);
    const std::string title = title_of(facts.distribution);
    Letter letter;
    letter.occasion = "state";
    letter.mirror = facts.mirror.name;
    letter.distribution_title = title;
    letter.identity = facts.identity;
    letter.id_host = facts.id_host;
    letter.for_owners = link_for_owners(facts);
    if (change.what == Watched::certificate) {
        letter.subject = subject(facts, "needs a new certificate soon");
        letter.body = paragraph(fmt::format(
            "the certificate of the mirror {} of {} ends soon. The mirror is listed as before.",
            name, title));
    } else {
        const std::string_view dead = change.what == Watched::ipv6 ? "IPv6" : "IPv4";
        const std::string_view alive = change.what == Watched::ipv6 ? "IPv4" : "IPv6";
        letter.subject = subject(facts, change.begins ? fmt::format("does not answer over {}", dead)
                                                      : fmt::format("answers over {} again", dead));
        letter.body = paragraph(
            change.begins
                ? fmt::format("the mirror {} of {} answers over {}, but not over {}. It is listed "
                              "as before.",
                              name, title, alive, dead)
                : fmt::format("the mirror {} of {} answers over {} again. Thank you!", name, title,
                              dead));
    }
    letter.body += probe_facts(facts);
    if (const Finding* const finding = finding_of(change.what, facts.findings)) {
        letter.body += paragraph("What was found:") + finding_text(*finding);
    }
    if (change.begins) {
        letter.body += paragraph("You are told of this once, not each day.");
    }
    return address_to(letter, recipients(facts.mirror.owners, {}));
}

std::vector<Message> kept_notice(const NoticeFacts& facts) {
    const std::string title = title_of(facts.distribution);
    Letter letter;
    letter.occasion = "kept";
    letter.subject = subject(facts, "has failed, but stays enabled");
    letter.mirror = facts.mirror.name;
    letter.distribution_title = title;
    letter.identity = facts.identity;
    letter.id_host = facts.id_host;
    letter.body =
        paragraph(fmt::format(
            "the mirror {} of {} would have been disabled: when it was probed, {}. It stays "
            "listed, because it is one of the last {} of its country ({}), and its owner was not "
            "told.",
            full_name(facts.mirror), title, fault(facts), facts.distribution.never_below,
            facts.mirror.country)) +
        probe_facts(facts) + reasons(facts) + what_was_found(facts) + what_came_back(facts.record) +
        log_excerpt(facts) + paragraph("To take it off the list all the same:") +
        fmt::format("  mirrorwarden mirror disable {} --reason TEXT\n\n", facts.mirror.name);
    return address_to(letter, recipients({}, facts.distribution.admins));
}

std::vector<Message> disabled_by_admin_notice(const NoticeFacts& facts, const std::string& reason) {
    Letter letter;
    letter.occasion = "disabled";
    letter.subject = subject(facts, "was disabled by an admin");
    letter.body = paragraph(fmt::format("an admin has taken the mirror {} of {} off the list.{}",
                                        full_name(facts.mirror), title_of(facts.distribution),
                                        reason.empty() ? "" : " The reason given:"));
    std::string_view rest = reason;
    while (!rest.empty()) {
        const std::string line = first_lines(rest, 1);
        rest.remove_prefix(line.size());
        letter.body += wrap(one_line(line), {.first = "> ", .others = "> "});
        letter.body += rest.empty() ? "\n" : "";
    }
    letter.body += mirror_facts(facts) + '\n';
    letter.body += paragraph(
        "It is not probed any more and does not come back by itself: when the "
        "matter is settled, an admin has to enable it.");
    if (!facts.distribution.admins.empty()) {
        letter.body += paragraph("The admins are:");
        for (const MailAddress& admin : facts.distribution.admins) {
            letter.body +=
                list_item(admin.name.empty() ? one_line(admin.address)
                                             : one_line(admin.name + " <" + admin.address + ">"));
        }
        letter.body += '\n';
    }
    return to_owners_and_admins(facts, std::move(letter));
}

std::vector<Message> doubtful_run_notice(const Distribution& distribution,
                                         const std::string& reason,
                                         const std::vector<std::string>& mirrors,
                                         const std::string& identity, const std::string& id_host) {
    const std::string title = title_of(distribution);
    Letter letter;
    letter.occasion = "doubtful";
    letter.subject =
        fmt::format("Doubtful probe of the mirrors of {}: nothing was disabled", title);
    letter.distribution_title = title;
    letter.identity = identity;
    letter.id_host = id_host;
    letter.body =
        paragraph(fmt::format("the last probe of the mirrors of {} found so much amiss "
                              "that the prober doubts itself: {}",
                              title, one_line(reason)));
    letter.body += paragraph(
        "So no mirror was disabled and no owner was told. The results are "
        "kept, marked as suspect.");
    if (!mirrors.empty()) {
        letter.body += paragraph("These mirrors failed:");
        for (const std::string& mirror :
             std::span{mirrors}.first(std::min(mirrors.size(), mirrors_listed_max))) {
            letter.body += list_item(one_line(mirror));
        }
        if (mirrors.size() > mirrors_listed_max) {
            letter.body +=
                list_item(fmt::format("and {} more", mirrors.size() - mirrors_listed_max));
        }
        letter.body += '\n';
    }
    letter.body += paragraph("What you may want to check:");
    letter.body += list_item(
        "Does the machine that probes reach the network, and do its name "
        "servers answer?");
    letter.body += list_item(
        "Is its clock right? A wrong one makes good certificates look "
        "expired.");
    letter.body += list_item(
        "Is the primary archive up, and does it have the indexes that the "
        "catalogue names?");
    letter.body += '\n' + paragraph(
                              "`mirrorwarden log NAME` shows what came back from a mirror. "
                              "When all is well, probe again:");
    letter.body += "  mirrorwarden probe --force\n\n";
    return address_to(letter, recipients({}, distribution.admins));
}

}  // namespace model
