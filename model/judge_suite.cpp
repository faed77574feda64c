#include "model/judge_suite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace model {
namespace {

/// apt's Acquire::Max-FutureTime. Source: apt.conf(5).
constexpr std::chrono::seconds future_max{10};
/// Findings of one kind about one suite; the last of them counts the rest.
constexpr std::size_t indexes_named_max = 5;

/// Where an index stands in the grid of components and architectures.
struct Cell {
    std::string_view component;
    std::string_view folder;  // "binary-amd64", "source"
};

/// Empty for what is in no such grid: "main/i18n/Translation-en.bz2", "Contents-amd64.gz".
std::optional<Cell> cell_of(std::string_view path) {
    const auto file = path.rfind('/');
    if (file == std::string_view::npos) {
        return std::nullopt;
    }
    const auto folder = path.substr(0, file).rfind('/');
    if (folder == std::string_view::npos) {
        return std::nullopt;
    }
    const Cell cell{.component = path.substr(0, folder),
                    .folder = path.substr(folder + 1, file - folder - 1)};
    const bool is_in_grid = cell.folder == "source" || cell.folder.starts_with("binary-");
    return is_in_grid ? std::optional{cell} : std::nullopt;
}

/// What a mirror has of a suite: many carry some components and architectures only, with the
/// whole suite's Release, and that is no fault.
class Grid {
public:
    explicit Grid(const std::vector<IndexFacts>& indexes) {
        for (const auto& index : indexes) {
            const auto cell = cell_of(index.path);
            if (cell && index.outcome.is_ok()) {
                components_.insert(cell->component);
                folders_.insert(cell->folder);
                has_binaries_ = has_binaries_ || cell->folder != "source";
            }
        }
    }

    bool is_left_out(std::string_view path) const {
        const auto cell = cell_of(path);
        if (!cell || components_.empty()) {
            return false;
        }
        // Sources alone are no reason to believe that binaries are left out on purpose.
        return !components_.contains(cell->component) ||
               (!folders_.contains(cell->folder) && has_binaries_);
    }

private:
    std::set<std::string_view> components_;
    std::set<std::string_view> folders_;
    bool has_binaries_ = false;
};

/// Says something of the mirror, though not what.
bool is_refusal(Outcome outcome) noexcept {
    return !outcome.is_ok() && !is_inconclusive(outcome.kind) &&
           outcome.kind != OutcomeKind::skipped;
}

const Snapshot* same_text(const SuiteFacts& facts, const SuiteYardstick& yardstick) {
    const auto found = std::ranges::find_if(yardstick.known, [&](const Snapshot& snapshot) {
        return facts.text_sha256 && snapshot.text_sha256 == *facts.text_sha256;
    });
    return found == yardstick.known.end() ? nullptr : &*found;
}

/// When the primary published an index like that, if it is known to have.
std::optional<Timestamp> date_of(const IndexFacts& index, const SuiteYardstick& yardstick) {
    std::optional<Timestamp> date;
    for (const auto& snapshot : yardstick.known) {
        const auto& entries = snapshot.entries;
        const auto entry = std::ranges::find(entries, index.path, &ReleaseEntry::path);
        if (entry == entries.end()) {
            continue;
        }
        const bool is_it = index.sha256 ? entry->sha256 == *index.sha256
                                        : index.size && entry->size == *index.size;
        if (is_it && (!date || *date < snapshot.date)) {
            date = snapshot.date;
        }
    }
    return date;
}

/// One after another, each with what it needs of the steps before.
class SuiteJudge {
public:
    SuiteJudge(const SuiteFacts& facts, const SuiteYardstick& yardstick)
        : facts_{facts}, yardstick_{yardstick}, known_{same_text(facts, yardstick)} {
        verdict_.state.suite = facts.suite;
        verdict_.state.text_sha256 = facts.text_sha256;
        verdict_.state.is_whole_check = facts.is_whole_check;
    }

    SuiteVerdict judge() && {
        const Integrity of_release = judge_release();
        const Integrity of_indexes = facts_.release ? judge_indexes() : Integrity::unknown;
        verdict_.state.integrity = of_release != Integrity::whole ? of_release : of_indexes;
        if (facts_.answers_everything || of_indexes == Integrity::not_an_archive) {
            verdict_.state.integrity = Integrity::not_an_archive;
        }
        if (facts_.release && !facts_.answers_everything) {
            judge_lag();
        }
        sort_findings(verdict_.findings);
        return std::move(verdict_);
    }

private:
    /// `whole`: nothing is wrong with it.
    Integrity judge_release() {
        if (!facts_.outcome.is_ok()) {
            return judge_no_release();
        }
        if (!facts_.release) {
            return judge_unreadable();
        }
        // Worst last: what is said is the last that is wrong.
        Integrity integrity = Integrity::whole;
        verdict_.state.release_date = facts_.release->date;
        if (facts_.release->valid_until && *facts_.release->valid_until < yardstick_.now) {
            add(release_expired(facts_, yardstick_.now));
            integrity = Integrity::expired;
        }
        if (facts_.release->date > yardstick_.now + future_max) {
            add(release_from_future(facts_, yardstick_.now));
            integrity = Integrity::expired;
        }
        if (!facts_.release->has_sha256) {
            add(hashes_not_compared(facts_));
        }
        integrity = judge_identity(integrity);
        return judge_signature(integrity);
    }

    Integrity judge_no_release() {
        if (is_gone(facts_.outcome)) {
            add(release_missing(facts_));
            return Integrity::missing;
        }
        if (is_timeout(facts_.outcome.kind)) {
            add(release_timed_out(facts_));
        } else if (is_refusal(facts_.outcome)) {
            add(release_unanswered(facts_));
        }
        return Integrity::unknown;
    }

    Integrity judge_unreadable() {
        if (facts_.is_web_page) {
            add(release_is_web_page(facts_));
            return Integrity::not_an_archive;
        }
        if (facts_.fault) {
            add(release_unreadable(facts_));
        }
        if (auto fault = signature_fault(facts_, yardstick_)) {
            add(std::move(*fault));
            return Integrity::bad_signature;
        }
        return facts_.fault ? Integrity::missing : Integrity::unknown;
    }

    Integrity judge_identity(Integrity integrity) {
        const auto differs = [](const std::string& found, const std::string& expected) {
            return !expected.empty() && found != expected;
        };
        const auto& release = *facts_.release;
        const bool has_names = !yardstick_.codename.empty() || !yardstick_.suite.empty();
        // A suite moves on ("stable" becomes "oldstable") while its code name stays, so that
        // one of the two is enough.
        const bool is_other_suite =
            has_names &&
            (yardstick_.codename.empty() || differs(release.codename, yardstick_.codename)) &&
            (yardstick_.suite.empty() || differs(release.suite, yardstick_.suite));
        if (known_ == nullptr && (differs(release.origin, yardstick_.origin) || is_other_suite)) {
            add(foreign_release(facts_, yardstick_));
            return Integrity::foreign;
        }
        const bool is_named = !release.codename.empty() || !release.suite.empty();
        if (known_ == nullptr && !has_names && is_named && release.codename != facts_.suite &&
            release.suite != facts_.suite) {
            add(misplaced_release(facts_));
        }
        return integrity;
    }

    Integrity judge_signature(Integrity integrity) {
        if (auto fault = signature_fault(facts_, yardstick_)) {
            add(std::move(*fault));
            return Integrity::bad_signature;
        }
        if (!facts_.signature && known_ == nullptr) {
            add(signature_unchecked(facts_));
            return integrity == Integrity::whole ? Integrity::unknown : integrity;
        }
        return integrity;
    }

    Integrity judge_indexes() {
        const Grid grid{facts_.indexes};
        bool is_torn = false;
        bool is_unanswered = false;
        std::vector<Finding> faults;
        for (const auto& index : facts_.indexes) {
            const auto* const entry = find_entry(*facts_.release, index.path);
            if (entry == nullptr) {
                continue;
            }
            const IndexFault fault{facts_, index, *entry, date_of(index, yardstick_)};
            const bool is_right_size = index.size == entry->size;
            if (is_gone(index.outcome)) {
                const bool is_partial = facts_.forgives_left_out && grid.is_left_out(index.path);
                faults.push_back(index_missing(fault, is_partial));
                is_torn = is_torn || !is_partial;
            } else if (!index.outcome.is_ok()) {
                is_unanswered = true;
                if (is_refusal(index.outcome)) {
                    faults.push_back(index_unanswered(fault));
                }
            } else if (index.is_web_page && !is_right_size) {
                add(index_is_web_page(fault));
                return Integrity::not_an_archive;
            } else if (index.size && !is_right_size) {
                faults.push_back(torn_index(fault));
                is_torn = true;
            } else if (facts_.release->has_sha256 && index.sha256 &&
                       *index.sha256 != entry->sha256) {
                faults.push_back(index_wrong_hash(fault));
                is_torn = true;
            }
        }
        const Integrity integrity = judge_sync(is_torn);
        add_some(std::move(faults), integrity == Integrity::syncing);
        return integrity == Integrity::whole && is_unanswered ? Integrity::unknown : integrity;
    }

    Integrity judge_sync(bool is_torn) {
        const bool is_marked = !facts_.marker_url.empty();
        if (!is_torn && !is_marked) {
            return Integrity::whole;
        }
        // What a clock that was ahead wrote, ours or theirs, would be in the grace until then.
        const Timestamp seen =
            std::min(yardstick_.torn_since.value_or(yardstick_.now), yardstick_.now);
        const bool is_dated = facts_.marker_since && *facts_.marker_since <= yardstick_.now;
        const Timestamp marked = is_dated ? *facts_.marker_since : seen;
        const bool is_fresh_marker = is_marked && yardstick_.now - marked <= yardstick_.sync_grace;
        if (is_torn || is_fresh_marker || !is_dated) {
            verdict_.state.torn_since = seen;
        }
        if (is_marked && !is_fresh_marker) {
            add(stale_marker(facts_, marked, yardstick_));
        }
        const bool is_in_grace =
            is_torn ? yardstick_.now - seen <= yardstick_.sync_grace : is_fresh_marker;
        if (is_in_grace) {
            add(syncing(facts_, is_torn && !is_dated ? seen : marked, yardstick_));
            return Integrity::syncing;
        }
        return is_torn ? Integrity::torn : Integrity::whole;
    }

    void judge_lag() {
        verdict_.state.lag = facts_.text_sha256 ? find_lag(yardstick_.known, *facts_.text_sha256,
                                                           facts_.release->date, yardstick_.now)
                                                : std::nullopt;
        auto& lag = verdict_.state.lag;
        const auto integrity = verdict_.state.integrity;
        const bool is_believed =
            integrity != Integrity::foreign && integrity != Integrity::bad_signature;
        if (lag && lag->is_estimated && !is_believed) {
            lag.reset();  // anybody may have written that Date
        }
        if (lag && lag->behind > std::chrono::seconds{0}) {
            add(behind(facts_, *lag));
        }
    }

    void add(Finding finding) { verdict_.findings.push_back(std::move(finding)); }

    /// The first few of each rule: a torn suite can have hundreds, all for the same reason.
    void add_some(std::vector<Finding> findings, bool is_syncing) {
        std::map<std::string, std::vector<Finding>> by_rule;
        for (auto& finding : findings) {
            by_rule[finding.rule].push_back(std::move(finding));
        }
        for (auto& [rule, same] : by_rule) {
            sort_findings(same);
            const std::size_t left_out =
                same.size() > indexes_named_max ? same.size() - indexes_named_max : 0;
            same.resize(same.size() - left_out);
            if (left_out > 0) {
                same.back().summary += fmt::format("; {} more of this suite are so", left_out);
            }
            for (auto& finding : same) {
                if (is_syncing && finding.severity == Severity::bad) {
                    finding.severity = Severity::warning;
                }
                add(std::move(finding));
            }
        }
    }

    const SuiteFacts& facts_;
    const SuiteYardstick& yardstick_;
    const Snapshot* known_;  // the state of the primary that the mirror has; null: another one
    SuiteVerdict verdict_;
};

}  // namespace

SuiteVerdict judge_suite(const SuiteFacts& facts, const SuiteYardstick& yardstick) {
    return SuiteJudge{facts, yardstick}.judge();
}

}  // namespace model
