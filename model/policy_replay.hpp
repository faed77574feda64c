#pragma once

#include "model/catalog.hpp"
#include "model/policy.hpp"
#include "model/probe.hpp"
#include "model/store.hpp"
#include "model/timestamp.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace model {

/// A mirror was switched on or off.
struct Switch {
    Timestamp when;
    bool enabled = false;
    bool by_admin = false;
    std::string why;

    friend bool operator==(const Switch&, const Switch&) = default;
};

/// Probed, but neither switched nor mailed about.
struct MaintenanceWindow {
    Timestamp from;
    Timestamp until;
};

/// A mirror as it really was.
struct ReplayedMirror {
    std::string name;
    std::string country;
    Content content = Content::archive;
    bool enabled_now = true;
    std::vector<Switch> switches;  // all that are known, oldest first
    std::vector<MaintenanceWindow> maintenance;
};

/// From what the database keeps of it. `audit`: oldest first.
ReplayedMirror replayed_mirror(const StoredMirror&, std::span<const AuditEntry> audit);

/// One course of things: as it was, or as it would have been.
struct Course {
    bool enabled_at_end = true;
    std::chrono::seconds off{0};   // how long it was off, from the beginning to the end
    std::vector<Switch> switches;  // between the two
};

struct ReplayedCourses {
    std::string name;
    Course was;
    Course would_be;
    std::vector<Switch> kept;  // would have gone, but for `never_below`
    std::size_t probes = 0;

    /// On at another time than it was.
    bool differs() const noexcept;
};

struct ReplayResult {
    std::vector<ReplayedCourses> mirrors;  // as they were given
    std::size_t probes = 0;
    std::size_t doubtful_runs = 0;  // in which too many failed at once by the policy
};

/// What another policy would have made of the probes of one distribution. Begins with the
/// mirrors as they were then. What admins switched is switched here too. Probes that were
/// suspect or never decided count for nothing. Probes that began within an hour of each
/// other, each of another mirror, are one run: a doubtful one decides nothing.
class PolicyReplay {
public:
    PolicyReplay(Policy, std::vector<ReplayedMirror>, Timestamp since);

    /// Oldest first. One of a mirror that is not among them is left out.
    void add(const std::string& mirror, const ProbeRecord&, const Observation&);

    /// No more are coming.
    ReplayResult finish(Timestamp until) &&;

private:
    struct State {
        ReplayedMirror mirror;
        MirrorState state;
        PolicyHistory history;
        BrokenRules broken_rules;
        std::size_t next_switch = 0;  // of the admins', not applied yet
        ReplayedCourses courses;
        bool enabled_at_begin = true;
    };
    struct Step {
        std::size_t mirror;
        Timestamp when;
        PolicyVerdict judged;
        Change change = Change::none;
    };

    void end_run();
    static void apply_admins(State&, Timestamp);
    void keep_last_ones(std::vector<Step*>& leaving);
    void change(const Step&);

    Policy policy_;
    Timestamp since_;
    std::vector<State> mirrors_;
    std::map<std::string, std::size_t> by_name_;
    std::vector<Step> run_;
    std::set<std::size_t> in_run_;
    Timestamp last_started_;
    ReplayResult result_;
};

}  // namespace model
