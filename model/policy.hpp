#pragma once

#include "model/decision.hpp"
#include "model/observation.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace model {

/// What a distribution does not put up with in its mirrors.
struct DisableReason {
    enum class Kind {
        no_content,      // none of what it was asked for; of CD images: any set is missing
        bad_signature,   // a suite's Release is unsigned, or not by a key of the distribution
        foreign,         // a suite's Release is another distribution's
        not_an_archive,  // the host answers 200 to everything
        torn,            // a suite is torn for longer than a sync may take
        expired,         // a suite's Valid-Until has passed, though the primary has a newer one
        lag,             // a suite is further behind than that
    };
    Kind kind = Kind::no_content;
    std::chrono::seconds lag_max{0};  // only with `lag`

    friend bool operator==(const DisableReason&, const DisableReason&) = default;
};

/// "no-content", "bad-signature", ..., "lag>7d"
std::string to_string(const DisableReason&);
/// Reads what `to_string` writes, with blanks around the ">" too. The error is a sentence
/// for whoever wrote the word, without a full stop.
boost::system::result<DisableReason, std::string> parse_disable_reason(std::string_view);

/// When mirrors are disabled and come back. As made: the rules of old.
struct Policy {
    std::vector<DisableReason> disable_when;  // empty: no-content alone
    int failures_before_disable = 1;
    int successes_before_enable = 1;
    int never_below = 0;  // enabled mirrors of a country

    friend bool operator==(const Policy&, const Policy&) = default;
};

/// Throws what is wrong with a word of `disable_when`: the catalogue's door lets none in.
Policy policy_of(const Distribution&);

/// A rule of a policy, about one suite.
struct SuiteRule {
    std::size_t rule = 0;  // its place in `disable_when`
    std::string suite;

    friend auto operator<=>(const SuiteRule&, const SuiteRule&) = default;
};

/// A probe as a policy sees it.
struct PolicyVerdict {
    ProbeVerdict verdict = ProbeVerdict::passed;
    std::vector<std::string> why;  // for people: "lag>7d: bookworm is 9 d 4 h behind"; where failed
    std::vector<SuiteRule> broken = {};
    std::vector<SuiteRule> untold = {};  // could not be judged
    bool told_nothing = false;           // of any suite, though the policy judges them

    friend bool operator==(const PolicyVerdict&, const PolicyVerdict&) = default;
};

/// What was asked for nothing has no verdict under any policy. A suite that could not be
/// told is nothing against its mirror; see `BrokenRules` for what it is not for it either.
PolicyVerdict judge_probe(const Policy&, ProbeVerdict, const Observation&);

/// The rules that a mirror broke when it was last judged by them: a probe that could not judge
/// by a rule changes nothing of that. Nothing stands of a suite that is not asked for any more.
class BrokenRules {
public:
    /// As the probe was judged; but where it passed, and could not be judged by a rule that
    /// stands against its mirror, `nothing_expected`: it brings nobody back.
    ProbeVerdict verdict(const PolicyVerdict&) const;

    /// In the order in which the probes came.
    void add(const PolicyVerdict&);

private:
    std::set<SuiteRule> broken_;
};

/// Nothing is to be had from the mirror, whatever else is wrong.
bool is_useless(const PolicyVerdict&) noexcept;

/// What happened to a mirror before the probe that is decided on. Counted as
/// `failures_in_a_row` counts: probes that are suspect or undecided do not.
struct PolicyHistory {
    int earlier_failures = 0;   // in a row, by this policy
    int earlier_successes = 0;  // the same
    bool in_maintenance = false;
};

/// Decides on one mirror, doubts and `never_below` aside. A mirror in maintenance stays as
/// it is, and so does one that an admin disabled.
Change decide(const MirrorState&, const Policy&, ProbeVerdict, const PolicyHistory&) noexcept;

/// A stored probe with its verdict by a policy.
struct JudgedProbe {
    ProbeVerdict verdict = ProbeVerdict::passed;
    bool counts = true;  // decided, and not suspect
};
/// `newest_first`: the probes before the one that is decided on.
PolicyHistory history_of(std::span<const JudgedProbe> newest_first) noexcept;

/// A mirror that would be disabled, where `never_below` may keep it.
struct LeavingMirror {
    std::string country;  // with the distribution and the content: whom it could be one of the last
    std::size_t enabled = 0;  // of that country, itself and the other candidates included
    bool is_useless = false;  // nothing is to be had from it: goes before others
};
/// For each whether it is kept all the same, because it would be one of the last.
std::vector<bool> find_kept(std::span<const LeavingMirror>, int never_below);

}  // namespace model
