#include "model/host_findings.hpp"
#include "prober/mirror_look.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace prober {
namespace {

/// A mirror that changes while we look is in the middle of a sync, however short the
/// grace is.
constexpr std::chrono::hours grace_of_a_change{1};
/// What was first seen now is over it.
constexpr std::chrono::seconds no_grace{-1};

}  // namespace

bool MirrorLook::is_archive() const noexcept {
    const auto has_web_page = [](const auto& of_suite) {
        return std::ranges::any_of(of_suite.second, &OddIndex::is_web_page);
    };
    return !answers_everything_ &&
           (calls_indexes_web_pages_ || std::ranges::none_of(odd_, has_web_page));
}

const model::Release* MirrorLook::release(std::size_t suite) const noexcept {
    const auto& read = suites_.at(suite).release;
    return read && read->release ? &*read->release : nullptr;
}

void MirrorLook::judge(std::size_t number, std::vector<model::IndexFacts> asked,
                       bool is_whole_check) {
    auto verdict = verdict_of(number, std::move(asked), is_whole_check);
    if (verdict.state.integrity == model::Integrity::whole) {
        if (const auto& validators = suites_[number].validators) {
            verdict.state.validators = *validators;
        }
    }
    observation_.suites.push_back(std::move(verdict.state));
    std::ranges::move(verdict.findings, std::back_inserter(observation_.findings));
}

bool MirrorLook::has_text(std::size_t suite, const model::Sha256& text) const noexcept {
    const auto& read = suites_.at(suite).release;
    return read && read->text_sha256 == text;
}

bool MirrorLook::is_sound(std::size_t suite) const {
    return is_archive() && release(suite) != nullptr &&
           verdict_of(suite, {}, false).state.integrity == model::Integrity::whole;
}

model::SuiteVerdict MirrorLook::verdict_of(std::size_t number, std::vector<model::IndexFacts> asked,
                                           bool is_whole_check) const {
    const auto& suite = suites_.at(number);
    const auto& question = task_.plan->suites.at(number);
    const auto* const release = this->release(number);
    const auto all_odd = odd_of(number);
    for (auto& index : asked) {
        if (!index.outcome.is_ok() || index.is_fetched) {
            continue;  // what came says more than what was announced
        }
        const auto odd = std::ranges::find(all_odd, index.path, &OddIndex::path);
        const auto* const entry =
            release != nullptr ? model::find_entry(*release, index.path) : nullptr;
        if (odd != all_odd.end()) {
            index.size = odd->size;
            index.is_web_page = odd->is_web_page && !calls_indexes_web_pages_;
        } else if (entry != nullptr) {
            index.size = entry->size;
        }
    }
    model::SuiteFacts facts;
    facts.suite = question.suite;
    facts.url = suite_url(number);
    facts.url += name_of(suite.file);
    facts.outcome = suite.outcome;
    if (const auto detail = details_.find(number); detail != details_.end()) {
        facts.detail = detail->second;
    }
    facts.is_web_page = suite.is_web_page;
    if (const auto& read = suite.release) {
        facts.release = read->release;
        facts.text_sha256 = read->text_sha256;
        facts.signature = read->signature;
        if (!read->release) {
            facts.fault = read->fault;
        }
    } else if (suite.is_too_large) {
        facts.fault = model::TextFault{.line = 0, .what = "the file is larger than 10 MB"};
    }
    facts.indexes = std::move(asked);
    facts.is_whole_check = is_whole_check && !suite.has_changed;
    facts.marker_url = marker_url_;
    facts.marker_since = marker_since_;
    facts.answers_everything = answers_everything_;
    facts.forgives_left_out = task_.plan->forgives_left_out;
    return model::judge_suite(
        facts,
        {.origin = question.names.origin,
         .codename = question.names.codename,
         .suite = question.names.suite,
         .keyring = task_.plan->keyring,
         .known = question.known,
         .now = clock_(),
         .sync_grace = grace_of(suite),
         .torn_since = number < task_.torn_since.size() ? task_.torn_since[number] : std::nullopt});
}

std::chrono::seconds MirrorLook::grace_of(const Suite& suite) const {
    const auto usual = task_.plan->sync_grace;
    if (suite.has_changed) {
        return std::max<std::chrono::seconds>(usual, grace_of_a_change);
    }
    return task_.plan->has_history || !marker_url_.empty() ? usual : no_grace;
}

std::span<const MirrorLook::OddIndex> MirrorLook::odd_of(std::size_t suite) const noexcept {
    const auto found = odd_.find(suite);
    return found == odd_.end() ? std::span<const OddIndex>{} : found->second;
}

bool MirrorLook::is_odd(std::size_t suite, std::string_view path) const noexcept {
    const auto odd = odd_of(suite);
    return std::ranges::find(odd, path, &OddIndex::path) != odd.end();
}

void MirrorLook::add_findings(std::vector<model::Finding> findings) {
    std::ranges::move(findings, std::back_inserter(observation_.findings));
}

/// Before the suites' findings of the same severity: it explains them.
void MirrorLook::judge_host() {
    const auto is_of_no_network = [](bool ipv6) {
        return [ipv6](const model::AddressState& state) {
            return state.outcome.kind == model::OutcomeKind::prober_trouble &&
                   model::is_ipv6(state.address) == ipv6;
        };
    };
    const auto& addresses = observation_.addresses;
    auto findings = model::judge_addresses(
        {.url = address_url_,
         .addresses = addresses,
         .has_ipv4 = std::ranges::none_of(addresses, is_of_no_network(false)),
         .has_ipv6 = std::ranges::none_of(addresses, is_of_no_network(true))});
    if (task_.base_url.starts_with("https:") && host_outcome_) {
        auto more = model::judge_certificate({.url = task_.base_url,
                                              .outcome = *host_outcome_,
                                              .certificate = observation_.certificate,
                                              .now = clock_()});
        std::ranges::move(more, std::back_inserter(findings));
    }
    const auto is_skipped = [](const Suite& suite) {
        return suite.is_answered && suite.outcome.kind == model::OutcomeKind::skipped &&
               suite.host_wish == HostWish::none;
    };
    auto& all = observation_.findings;
    if (all.empty() && std::ranges::any_of(suites_, is_skipped)) {
        findings.push_back(model::host_not_asked(task_.base_url));
    }
    all.insert(all.begin(), std::make_move_iterator(findings.begin()),
               std::make_move_iterator(findings.end()));
}

}  // namespace prober
