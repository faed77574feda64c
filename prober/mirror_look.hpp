#pragma once

#include "model/host_findings.hpp"
#include "model/judge_suite.hpp"
#include "model/observation.hpp"
#include "model/snapshot.hpp"
#include "model/suite_findings.hpp"
#include "prober/http_client.hpp"
#include "prober/mirror_release.hpp"
#include "prober/mirror_traces.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace prober {

/// A suite that mirrors are asked for, and what is known of it.
struct LookSuite {
    std::string suite;                   // the folder below dists/
    model::ReleaseNames names;           // that its Release should have; empty ones: any
    std::vector<model::Snapshot> known;  // that the primary published, any order
};

/// What the mirrors of one distribution are held to. Shared by all of them.
struct LookPlan {
    std::vector<LookSuite> suites;  // none: the mirror's host alone is looked at
    std::string keyring;            // a path, for the lines that people can try; may be empty
    std::chrono::seconds sync_grace{};
    /// False: no probe before this one is known of. What is torn is called so at once then,
    /// unless a marker shows a sync.
    bool has_history = true;
    /// Of whole components and architectures that a mirror leaves out; those that somebody
    /// asked for by name are missed.
    bool forgives_left_out = true;
};

struct LookTask {
    std::string base_url;        // normalised
    std::string rsync_url = {};  // of the same mirror, where it has one
    std::shared_ptr<const LookPlan> plan;
    std::shared_ptr<ReleaseLibrary> library;  // with the keys of the plan; null without suites
    std::vector<bool> is_asked;               // by suite; empty: all of them are
    /// By suite: SuiteState::torn_since of the probe before; empty: none is known.
    std::vector<std::optional<model::Timestamp>> torn_since;
    /// By suite: the Release that the mirror had, where it may be asked whether it still has it.
    std::vector<std::optional<ReleaseHad>> had = {};
    /// Names that cannot exist, each a path below the base URL, or from the root of the host
    /// where it begins with a slash; all must be answered 200 before a host is believed to
    /// answer everything so.
    std::vector<std::string> impossible_names;
};

/// What one mirror shows beside its indexes: the Release of each suite, whether names
/// that cannot exist are there too, its addresses, certificate, traces and rsync daemon. Whoever
/// asks for the indexes hands over what came back, and gets all of it judged.
///
/// `open` and `close` ask on the lane that they are given; `open` may be under way while
/// indexes are answered.
class MirrorLook {
public:
    using Clock = std::function<model::Timestamp()>;

    MirrorLook(LookTask, HttpClient&, Clock);
    MirrorLook(const MirrorLook&) = delete;
    MirrorLook& operator=(const MirrorLook&) = delete;

    const LookTask& task() const noexcept { return task_; }

    asio::awaitable<void> open(Lane&);

    /// A file was asked for that is of no suite.
    void file_answered(const Answer&);

    /// An index of suite number `suite` was answered; `path` is below the suite's folder.
    void index_answered(std::size_t suite, std::string_view path, const Answer&);

    /// Asks again where the first answers did not agree, and for the marker of a sync that
    /// would explain it. Call it when `open` is over and
    /// the last index answered.
    asio::awaitable<void> close(Lane&);

    /// After `open`: the host answers 200 to everything, or gives out web pages as indexes.
    bool is_archive() const noexcept;

    /// The Release of a suite; null if there is none that could be read.
    const model::Release* release(std::size_t suite) const noexcept;

    bool is_asked(std::size_t suite) const;

    /// After `open`: what is signed in the Release of a suite has this hash.
    bool has_text(std::size_t suite, const model::Sha256&) const noexcept;

    /// After `open`: the Release of a suite is as it should be now, and nothing says that the
    /// mirror is changing.
    bool is_sound(std::size_t suite) const;

    /// "http://…/dists/bookworm/"
    std::string suite_url(std::size_t suite) const;

    /// The client was cancelled: what is known is not all.
    bool was_cancelled() const noexcept { return was_cancelled_; }

    /// Judges suite number `number`, after `close`. `asked`: its indexes, without what the answers
    /// said of sizes.
    void judge(std::size_t number, std::vector<model::IndexFacts> asked, bool is_whole_check);

    /// The size that an index announced is not the one in the suite's Release, or it is a web page.
    bool is_odd(std::size_t suite, std::string_view path) const noexcept;

    /// What was found by other means.
    void add_findings(std::vector<model::Finding>);

    /// All of it, after the last `judge`. `costs` of who asked for the indexes join ours.
    model::Observation take_observation(std::vector<model::RequestCost> costs);

private:
    struct OddIndex {
        std::string path;
        std::optional<std::uint64_t> size;
        bool is_web_page = false;
    };
    /// What is kept of a suite until its mirror is done: in a run that is tens of thousands.
    struct Suite {
        std::shared_ptr<const ReadRelease> release;  // null: no file was received
        std::unique_ptr<const model::ReleaseValidators> validators;
        model::Outcome outcome;     // of the file that counts
        HostWish host_wish{};       // with it
        ReleaseFile file{};         // that counts
        bool is_too_large = false;  // it was
        bool is_web_page = false;   // it was
        bool is_answered = false;   // `open` is past it
        bool has_changed = false;   // while we looked
    };

    asio::awaitable<void> ask_impossible_names(Lane&);
    asio::awaitable<void> ask_marker(Lane&);
    void take(TraceAnswers);
    asio::awaitable<void> ask_host();
    asio::awaitable<void> ask_rsync(Lane&);
    asio::awaitable<void> ask_again(Lane&, std::size_t number);
    asio::awaitable<Answer> ask_size(Lane&, std::string url);
    asio::awaitable<MirrorRelease> fetch(Lane&, std::size_t suite, std::optional<ReleaseHad>);
    void keep(std::size_t number, MirrorRelease);
    void compare(std::size_t number, OddIndex);
    std::span<const OddIndex> odd_of(std::size_t suite) const noexcept;
    model::SuiteVerdict verdict_of(std::size_t number, std::vector<model::IndexFacts> asked,
                                   bool is_whole_check) const;
    void judge_host();
    std::chrono::seconds grace_of(const Suite&) const;
    void count(const std::string& kind, const Answer&);
    void count(const std::string& kind, std::uint32_t requests, std::uint64_t bytes);

    LookTask task_;
    HttpClient& client_;
    Clock clock_;
    std::vector<Suite> suites_;
    std::map<std::size_t, std::vector<OddIndex>>
        waiting_;                                       // by suite: before its Release was there
    std::map<std::size_t, std::vector<OddIndex>> odd_;  // by suite: other than its Release says
    std::map<std::size_t, std::string> details_;        // by suite: of a failure
    std::map<std::string, model::RequestCost> costs_;   // by kind
    bool answers_everything_ = false;
    /// True ones, or a Release: what the server calls any says nothing.
    bool calls_indexes_web_pages_ = false;
    bool was_cancelled_ = false;
    std::string marker_url_;  // of a marker that is there; else empty
    std::optional<model::Timestamp> marker_since_;
    std::optional<model::Outcome> host_outcome_;  // of the first request for a file
    std::string address_url_;  // that each address was asked for; empty: none was
    model::Observation observation_;
};

}  // namespace prober
