#include "tools/mirrorwarden/observation_text.hpp"

#include "model/duration_text.hpp"
#include "model/host_findings.hpp"
#include "tools/mirrorwarden/display_width.hpp"

#include <fmt/format.h>

#include <chrono>
#include <iterator>
#include <string_view>

namespace mirrorwarden {
namespace {

constexpr std::chrono::hours lag_good_max{24};
constexpr std::chrono::hours lag_caution_max{7 * 24};

std::string moment(const std::optional<model::Timestamp>& when) {
    return when ? model::format_timestamp(std::chrono::floor<std::chrono::seconds>(*when)) : "-";
}

std::string suites_text(const model::Observation& observation, const Screen& screen) {
    Table table{.columns = {{"SUITE", Alignment::left, true},
                            {"INTEGRITY"},
                            {"LAG"},
                            {"RELEASE OF"},
                            {"TORN SINCE"}},
                .rows = {}};
    for (const auto& suite : observation.suites) {
        table.rows.push_back({{suite.suite},
                              integrity_cell(suite.integrity),
                              lag_cell(suite.lag),
                              {moment(suite.release_date)},
                              {suite.torn_since ? moment(suite.torn_since) : ""}});
    }
    return render_table(table, screen);
}

std::string addresses_text(const model::Observation& observation, const Screen& screen) {
    Table table{.columns = {{"ADDRESS"}, {"OUTCOME", Alignment::left, true}}, .rows = {}};
    for (const auto& state : observation.addresses) {
        const bool is_unknown = model::is_inconclusive(state.outcome.kind);
        const Tone tone = state.outcome.is_ok() ? Tone::good : is_unknown ? Tone::faint : Tone::bad;
        table.rows.push_back({{state.address}, {to_string(state.outcome), tone}});
    }
    return render_table(table, screen);
}

std::string certificate_text(const model::CertificateState& certificate, model::Timestamp now) {
    const auto days = model::days_left(certificate, now);
    const std::string left =
        days < 0 ? "expired" : fmt::format("{} {} left", days, days == 1 ? "day" : "days");
    return fmt::format("{} by {}: {}, valid until {}{}\n", printable(certificate.subject),
                       printable(certificate.issuer), left, moment(certificate.not_after),
                       certificate.lacks_intermediate ? ", shown without its issuer's" : "");
}

std::string rsync_text(const model::RsyncState& rsync) {
    std::string_view module;
    if (rsync.outcome.is_ok()) {
        module = !rsync.offers_module   ? ", keeps its modules to itself"
                 : *rsync.offers_module ? ", offers the module"
                                        : ", does not offer the module";
    }
    return fmt::format("{}: {}{}\n", printable(rsync.url), to_string(rsync.outcome), module);
}

std::string traces_text(const model::Observation& observation, const Screen& screen) {
    Table table{.columns = {{"TRACE", Alignment::left, true},
                            {"LAST SYNC"},
                            {"UPSTREAM", Alignment::left, true},
                            {"TOOL", Alignment::left, true}},
                .rows = {}};
    for (const auto& trace : observation.traces) {
        table.rows.push_back(
            {{trace.name}, {moment(trace.last_sync)}, {trace.upstream}, {trace.tool}});
    }
    return render_table(table, screen);
}

/// A line of a finding; what is not known has none.
void add_line(std::string& text, std::string_view label, const std::string& value) {
    if (!value.empty()) {
        fmt::format_to(std::back_inserter(text), "    {:<10}{}\n", label, printable(value));
    }
}

}  // namespace

Tone tone_of(model::Severity severity) noexcept {
    switch (severity) {
    case model::Severity::good: return Tone::good;
    case model::Severity::warning: return Tone::caution;
    case model::Severity::bad: return Tone::bad;
    case model::Severity::unknown: break;
    }
    return Tone::faint;
}

Cell integrity_cell(std::optional<model::Integrity> integrity) {
    if (!integrity) {
        return {"-", Tone::faint};
    }
    Tone tone = Tone::bad;
    if (*integrity == model::Integrity::whole) {
        tone = Tone::good;
    } else if (*integrity == model::Integrity::syncing) {
        tone = Tone::caution;
    } else if (*integrity == model::Integrity::unknown) {
        tone = Tone::faint;
    }
    return {std::string{to_string(*integrity)}, tone};
}

Cell lag_cell(const std::optional<model::Lag>& lag) {
    if (!lag) {
        return {"-", Tone::faint};
    }
    if (lag->behind == std::chrono::seconds{0}) {
        return {"up to date", Tone::good};
    }
    const Tone tone = lag->behind <= lag_good_max      ? Tone::good
                      : lag->behind <= lag_caution_max ? Tone::caution
                                                       : Tone::bad;
    return {
        fmt::format("{}{}", lag->is_estimated ? "about " : "", model::duration_text(lag->behind)),
        tone};
}

std::string finding_text(const model::Finding& finding, const Screen& screen) {
    std::string text = fmt::format(
        "{}  {}: {}\n",
        paint(std::string{to_string(finding.severity)}, tone_of(finding.severity), screen),
        printable(finding.subject), printable(finding.summary));
    add_line(text, "rule", finding.rule);
    add_line(text, "asked", finding.request);
    add_line(text, "answered", finding.answer);
    add_line(text, "expected", finding.expected);
    add_line(text, "see", finding.curl);
    add_line(text, "mend", finding.remedy);
    return text;
}

std::string observation_text(const model::Observation& observation, model::Timestamp now,
                             const Screen& screen) {
    std::string text;
    if (!observation.suites.empty()) {
        text += "\nWhat apt would find\n" + suites_text(observation, screen);
    }
    if (!observation.addresses.empty()) {
        text += "\nAddresses\n" + addresses_text(observation, screen);
    }
    if (observation.certificate) {
        text += "\nCertificate\n" + certificate_text(*observation.certificate, now);
    }
    if (!observation.traces.empty()) {
        text += "\nWhat its sync tool says\n" + traces_text(observation, screen);
    }
    if (observation.rsync) {
        text += "\nRsync\n" + rsync_text(*observation.rsync);
    }
    if (!observation.findings.empty()) {
        text += "\nWhat was found\n";
        for (const auto& finding : observation.findings) {
            text += finding_text(finding, screen);
        }
    }
    return text;
}

}  // namespace mirrorwarden
