#pragma once

#include "model/deep_turn.hpp"
#include "model/host_rules.hpp"
#include "model/index_turns.hpp"
#include "model/probe.hpp"
#include "prober/deep_probe.hpp"
#include "prober/half_bytes.hpp"
#include "prober/http_client.hpp"
#include "prober/log_spool.hpp"
#include "prober/mirror_look.hpp"
#include "prober/probe_plan.hpp"
#include "prober/target_queue.hpp"

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

/// What the probe before found of a suite that was whole and without a doubt.
struct SuiteBefore {
    model::Sha256 text_sha256;  // of its Release
    model::IndexTurns turns;
};

/// One mirror, and what it is to be asked.
struct MirrorTask {
    model::MirrorId mirror{};
    std::string name;
    std::string base_url;  // normalised
    std::shared_ptr<const ProbePlan> plan;
    Assignment assignment;
    /// What the mirror is looked at for besides, its suites those of `plan`; none: its
    /// indexes, or images, alone are asked for.
    std::optional<LookTask> look = std::nullopt;
    model::DeepTurn deep = {};  // heeded where it is looked at
    /// By suite of the plan, where its indexes may be asked for in turns; empty: none may.
    std::vector<std::optional<SuiteBefore>> before = {};
    model::Timestamp last_probe = {};  // when that began which found it so
};

/// The probe of one mirror: hands out its targets, takes the answers, keeps the log,
/// and knows the result when the last one is in. Asks nobody itself.
///
/// Where the mirror is looked at (`MirrorTask::look`), that has its turn first, and once
/// more when the last target is answered.
///
/// A suite that may be asked for its indexes in turns waits until its Release was read. If
/// that is the one of the probe before, those indexes are spared whose turn it is not, and
/// their rows stand as if they had answered like the last time; unless any index of such a suite
/// answers otherwise: then all are asked for.
///
/// Rules: a file that did not answer 200 never improves anything; and nothing that a host
/// says counts that answers so to everything.
class MirrorProbe {
public:
    /// What all probes of a run share.
    struct Surroundings {
        HttpClient& client;
        LogSpool& spool;
        std::string_view preamble;  // a line for the head of the log
        std::function<model::Timestamp()> clock;
    };

    MirrorProbe(MirrorTask, const Surroundings&);

    const MirrorTask& task() const noexcept { return task_; }

    /// Targets that were not handed out yet.
    std::size_t targets_left() const noexcept { return queue_.left(); }
    /// There may be more of them, once what is under way is over.
    bool may_get_targets() const noexcept {
        return queue_.has_held() || (queue_.spared() > 0 && !has_ended_targets());
    }
    std::size_t targets_spared() const noexcept { return queue_.spared(); }
    /// The same, and one more where the look was not begun.
    std::size_t turns_left() const noexcept {
        return targets_left() + (look_stage_ == LookStage::waiting ? 1 : 0);
    }

    /// To be opened, by who is first; null: nothing is to be opened, or somebody does it.
    MirrorLook* begin_opening();
    void end_opening();
    /// To be closed, when all else is over; null: it is not yet, or somebody does it.
    MirrorLook* begin_closing();
    /// To be looked at deeply before it is closed; empty: it is not.
    std::optional<DeepProbe> deep_probe() const;
    void take_deep(DeepProbed, model::Timestamp now);
    void end_closing();

    /// Hands out the next target; there must be one left. It is under way until `end_target`.
    Target begin_target();
    void end_target();

    /// Nothing is left and nothing under way.
    bool is_over() const noexcept {
        return has_ended_targets() && look_stage_ == LookStage::closed;
    }

    /// Why there is no result: an answer said nothing of the mirror. Empty if there is one.
    const std::string& unfinished_reason() const noexcept { return unfinished_reason_; }

    /// Its host asked us to come later, or its owner not to come: no trouble of ours.
    bool is_unfinished_by_wish() const noexcept { return is_unfinished_by_wish_; }

    std::string target_url(Target) const;
    /// A file of checksums, whose body is wanted: `record_sums`.
    bool is_sums(Target target) const {
        return task_.plan->content() == model::Content::release &&
               task_.plan->expected_sums(target) != nullptr;
    }
    std::string check_url(const ProbePlan::Check&) const;

    enum class Next {
        check_freshness,  // the target's checks, in their order
        end_target,
    };

    /// What an index or image answered at `url`.
    Next record_target(Target, std::string_view url, const Answer&, model::Timestamp now);

    /// What a file of checksums answered, and the body that came with a 200.
    void record_sums(Target, std::string_view url, const GetAnswer&, std::string_view text,
                     model::Timestamp now);

    /// What the file of the target's check number `check` (from 0) answered at `url`.
    Next record_check(Target, std::size_t check, std::string_view url, const Answer&,
                      model::Timestamp now);

    /// What the mirror's host asks of us: told in the log and the result.
    void take_rules(const model::HostRules&, model::Timestamp now);

    /// Everything, once it is over and not unfinished. Ends the log and empties it.
    model::ProbeResult take_result(model::Timestamp now);

private:
    using Targets = std::vector<Target>;
    /// In place of a freshness: neither there nor simply missing.
    static constexpr std::uint8_t refused = HalfBytes::max;
    static constexpr bool is_row(std::uint8_t found) noexcept {
        return found != 0 && found != refused;
    }
    enum class LookStage : std::uint8_t { waiting, opening, open, closing, closed };

    bool has_ended_targets() const noexcept {
        return targets_left() == 0 && !queue_.has_held() && targets_ended_ == queue_.begun();
    }
    void begin_log();
    void abandon_if_cut_off();
    void decide_turns();
    bool is_unchanged(std::size_t suite) const;
    void expect_as_before(Target, bool is_as_before);
    std::span<const Target> asked_of(std::size_t suite) const;
    std::uint8_t best_freshness(Target) const;
    model::Sha256 question_of(std::size_t suite) const;
    void keep_turns(model::Observation&) const;
    void carry_spared();
    void forget_what_is_no_archive(model::Timestamp now);
    void compare(Target, const Answer&);
    DeepSuite deep_suite(std::size_t number) const;
    std::vector<model::IndexFacts> facts_of(std::size_t suite) const;
    void take_look(model::ProbeResult&);
    void count(const Answer&, std::string_view kind);
    void log(std::string_view url, const Answer&, std::string_view meaning, model::Timestamp now);
    void remark(std::string_view text, model::Timestamp now);
    bool abandon_if_inconclusive(std::string_view url, const Answer&, model::Timestamp now);
    enum class Whose : std::uint8_t { ours, theirs };
    void abandon(std::string reason, Whose);
    void record_image(Target, std::string_view url, const Answer&, model::Timestamp now);
    bool is_compared(Target) const;
    void find_rows(model::ProbeResult&) const;
    void find_images(model::ProbeResult&) const;

    MirrorTask task_;
    const Targets& asked_;
    TargetQueue queue_;
    LogSpool& spool_;
    std::string_view preamble_;
    std::function<model::Timestamp()> clock_;
    std::unique_ptr<MirrorLook> look_;
    LookStage look_stage_ = LookStage::closed;
    LogSpool::Log log_;
    HalfBytes found_;                            // by target: 0, the row's freshness, or `refused`
    std::map<Target, model::Outcome> refusals_;  // of those, some
    std::map<std::size_t, model::IndexParts> turns_;  // by suite, where some are spared
    std::map<model::Outcome, std::uint32_t> outcomes_;
    model::Timestamp started_;
    bool is_begun_ = false;
    std::size_t targets_ended_ = 0;
    std::vector<model::RequestCost> costs_;  // by kind
    DeepProbed deep_;
    std::optional<model::Timestamp> maintenance_until_;
    std::vector<model::Finding> findings_;
    bool is_disallowed_ = false;  // some of it, by the owner
    std::string unfinished_reason_;
    bool is_unfinished_by_wish_ = false;
};

}  // namespace prober
