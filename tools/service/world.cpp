#include "tools/service/world.hpp"

#include "tools/json/mirror_json.hpp"
#include "tools/service/bucket_places.hpp"
#include "tools/service/jobs_picture.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>
#include <utility>

namespace service {
namespace {

using model::MirrorId;

constexpr std::chrono::hours history_length{366 * 24};
constexpr std::size_t snapshots_max = 100;

using Facts = std::shared_ptr<const MirrorFacts>;

HistoryPoint to_point(const model::PastProbe& probe) {
    HistoryPoint point;
    point.probe = probe.id;
    point.started = probe.started;
    point.duration =
        std::chrono::duration_cast<std::chrono::milliseconds>(probe.finished - probe.started);
    point.lag = probe.lag;
    point.integrity = probe.integrity;
    point.expected = probe.expected;
    point.found = probe.found;
    point.verdict = probe.verdict;
    point.freshness = probe.freshness;
    point.suspect = probe.suspect;
    return point;
}

model::Observation without_bookkeeping(model::Observation observation) {
    for (model::SuiteState& suite : observation.suites) {
        suite.validators.reset();
        suite.turns.reset();
    }
    return observation;
}

/// One reading: what it found so far, and what is still to be read.
class Reading {
public:
    Reading(model::Store& store, model::Timestamp now, const World* before)
        : store_{store}, before_{before}, since_{now - history_length} {
        world_->read_at = now;
        if (before_ != nullptr) {
            for (const Facts& facts : before_->mirrors) {
                old_.emplace(facts->mirror.state.id, facts);
            }
            world_->snapshots = before_->snapshots;
            world_->marks = before_->marks;
        }
    }

    std::shared_ptr<const World> read() {
        world_->distributions = store_.distributions();
        // Before the mirrors: whoever waits for a change until its line of the audit trail is
        // here then sees what it changed.
        read_changes();
        // What says that a mirror changed is read before what changed: what is written between
        // the two is then seen twice, and not never.
        auto mirrors = store_.mirrors({});
        newest_ = store_.newest_probes();
        syncs_ = store_.mirror_syncs();
        read_history();
        const bool has_new_snapshots = read_snapshots();
        world_->scripts = read_last_runs(store_, world_->read_at);
        numbered_ = store_.buckets();
        world_->buckets = order_buckets(world_->distributions, numbered_);
        for (model::StoredMirror& mirror : mirrors) {
            take(std::move(mirror));
        }
        read_contents();
        render_overviews();
        finish(has_new_snapshots);
        return world_;
    }

private:
    void read_changes() {
        for (model::NumberedChange& change : store_.changes_after(world_->marks.change)) {
            world_->marks.change = change.number;
            events_[change.mirror].push_back(std::move(change.entry));
        }
    }

    void read_history() {
        store_.for_each_past_probe(world_->marks.probe, since_,
                                   [this](const model::PastProbe& probe) {
                                       world_->marks.probe = probe.id;
                                       history_[probe.mirror].push_back(to_point(probe));
                                   });
    }

    bool read_snapshots() {
        const auto old_mark = world_->marks.snapshot;
        std::set<std::vector<model::Snapshot>*> changed;
        const auto trim = [](std::vector<model::Snapshot>& all) {
            std::stable_sort(all.begin(), all.end(), [](const auto& left, const auto& right) {
                return left.date > right.date;
            });
            all.resize(std::min(all.size(), snapshots_max));
        };
        store_.for_each_snapshot(old_mark, [&](const model::NumberedSnapshot& one) {
            world_->marks.snapshot = one.number;
            auto& all = world_->snapshots[one.distribution][one.snapshot.suite];
            // In front, so that of two with one date the one that came later is the newer.
            all.insert(all.begin(), one.snapshot);
            if (all.size() >= 2 * snapshots_max) {
                trim(all);
            }
            changed.insert(&all);
        });
        for (auto* const all : changed) {
            trim(*all);
        }
        return world_->marks.snapshot != old_mark;
    }

    bool has_same_buckets(const std::string& distribution) const {
        const auto old = before_->buckets.find(distribution);
        const auto now = world_->buckets.find(distribution);
        return old != before_->buckets.end() && now != world_->buckets.end() &&
               old->second == now->second;
    }

    /// Takes the mirror's old facts where nothing of them changed, or begins new ones.
    void take(model::StoredMirror mirror) {
        const MirrorId id = mirror.state.id;
        std::optional<model::StoredProbe> probe;
        if (const auto newest = newest_.find(id); newest != newest_.end()) {
            probe = std::move(newest->second);
        }
        const auto told = syncs_.find(id);
        const auto sync = told == syncs_.end() ? std::nullopt : std::optional(told->second);
        const auto old = old_.find(id);
        const auto has_same_probe = [&] {
            const auto& known = old->second->last_probe;
            return known.has_value() == probe.has_value() && (!known || known->id == probe->id);
        };
        const bool keeps_contents =
            old != old_.end() && has_same_probe() &&
            old->second->mirror.mirror.distribution == mirror.mirror.distribution &&
            is_same_list(mirror.mirror.distribution);
        if (keeps_contents && old->second->mirror == mirror && old->second->last_probe == probe &&
            old->second->sync == sync && !events_.contains(id) && !history_.contains(id)) {
            world_->mirrors.push_back(old->second);
            return;
        }
        auto facts = old != old_.end() ? std::make_shared<MirrorFacts>(*old->second)
                                       : std::make_shared<MirrorFacts>();
        facts->mirror = std::move(mirror);
        facts->last_probe = std::move(probe);
        facts->sync = sync;
        add_events(*facts);
        add_history(*facts);
        if (!keeps_contents) {
            facts->rows.assign(world_->buckets[facts->mirror.mirror.distribution].size(), 0);
            facts->images.clear();
            facts->observation = {};
            unread_.emplace(id, facts.get());
        }
        changed_.push_back(facts.get());
        world_->mirrors.push_back(std::move(facts));
    }

    bool is_same_list(const std::string& distribution) {
        const auto [known, is_new] = same_lists_.try_emplace(distribution, false);
        if (is_new) {
            known->second = has_same_buckets(distribution);
        }
        return known->second;
    }

    void add_events(MirrorFacts& facts) {
        const auto found = events_.find(facts.mirror.state.id);
        if (found != events_.end()) {
            std::move(found->second.begin(), found->second.end(), std::back_inserter(facts.events));
        }
    }

    void add_history(MirrorFacts& facts) {
        auto& history = facts.history;
        if (const auto found = history_.find(facts.mirror.state.id); found != history_.end()) {
            history.insert(history.end(), found->second.begin(), found->second.end());
            std::sort(history.begin(), history.end(), [](const auto& left, const auto& right) {
                return std::pair{left.started, left.probe} < std::pair{right.started, right.probe};
            });
            found->second = {};
        }
        std::erase_if(history, [&](const HistoryPoint& point) { return point.started < since_; });
        history.shrink_to_fit();
        if (facts.last_probe) {
            const auto last =
                std::ranges::find(history, facts.last_probe->id, &HistoryPoint::probe);
            if (last != history.end()) {
                // Decided only after all of its run.
                last->suspect = facts.last_probe->record.suspect;
            }
        }
    }

    /// Rows, images and observations of those that need them.
    void read_contents() {
        if (unread_.empty()) {
            return;
        }
        std::vector<MirrorId> ids;
        for (const auto& [id, facts] : unread_) {
            ids.push_back(id);
        }
        const model::MirrorChoice choice =
            before_ == nullptr ? std::nullopt : model::MirrorChoice{ids};
        const auto facts_of = [this](MirrorId id) {
            const auto found = unread_.find(id);
            return found == unread_.end() ? nullptr : found->second;
        };
        const auto places = find_places(world_->buckets, numbered_);
        store_.for_each_row(choice, [&](const model::PackedRow& row) {
            MirrorFacts* const facts = facts_of(row.mirror);
            const auto place = places.find(row.bucket);
            if (facts != nullptr && place != places.end() && place->second < facts->rows.size()) {
                facts->rows[place->second] = static_cast<std::uint8_t>(row.freshness);
            }
        });
        store_.for_each_image(choice, [&](MirrorId id, const model::ImageRow& image) {
            if (MirrorFacts* const facts = facts_of(id)) {
                facts->images.push_back(image);
            }
        });
        store_.for_each_newest_observation(choice, [&](MirrorId id, const auto& observation) {
            if (MirrorFacts* const facts = facts_of(id)) {
                facts->observation = without_bookkeeping(observation);
            }
        });
        for (const auto& [id, facts] : unread_) {
            facts->freshness =
                freshness_of(facts->rows, world_->buckets[facts->mirror.mirror.distribution]);
            sort_images(*facts);
        }
    }

    /// Lists have hundreds of these, and are asked for often.
    void render_overviews() {
        for (MirrorFacts* const facts : changed_) {
            facts->overview_json =
                json::overview_json({.overview = {.mirror = facts->mirror,
                                                  .last_probe = facts->last_probe,
                                                  .freshness = facts->freshness},
                                     .observation = facts->observation})
                    .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
        }
    }

    /// Series newest first, and each one's images as the catalogue has them.
    void sort_images(MirrorFacts& facts) const {
        const auto* const distribution =
            find_distribution(*world_, facts.mirror.mirror.distribution);
        if (distribution == nullptr) {
            return;  // it came after the distributions were read: the next reading has both
        }
        std::vector<model::ImageRow> order;
        for (const model::Series& series : distribution->series) {
            for (const model::ImageSet& image : series.images) {
                order.push_back({.series = series.name, .flavour = image.flavour});
            }
        }
        const auto key = [&](const model::ImageRow& image) {
            return std::pair{std::find(order.begin(), order.end(), image), image};
        };
        std::sort(facts.images.begin(), facts.images.end(),
                  [&](const auto& left, const auto& right) { return key(left) < key(right); });
    }

    void finish(bool has_new_snapshots) {
        std::sort(world_->mirrors.begin(), world_->mirrors.end(),
                  [](const Facts& left, const Facts& right) {
                      return left->mirror.mirror.name < right->mirror.mirror.name;
                  });
        if (before_ == nullptr) {
            world_->version = 1;
            return;
        }
        const bool is_same = changed_.empty() && !has_new_snapshots &&
                             before_->mirrors.size() == world_->mirrors.size() &&
                             before_->distributions == world_->distributions &&
                             before_->buckets == world_->buckets &&
                             before_->scripts == world_->scripts;
        world_->version = before_->version + (is_same ? 0 : 1);
    }

    model::Store& store_;
    const World* before_;
    model::Timestamp since_;
    std::shared_ptr<World> world_ = std::make_shared<World>();
    std::unordered_map<MirrorId, Facts> old_;
    std::map<MirrorId, model::StoredProbe> newest_;
    std::map<MirrorId, model::MirrorSync> syncs_;
    std::map<MirrorId, std::vector<model::AuditEntry>> events_;
    std::map<MirrorId, std::vector<HistoryPoint>> history_;
    std::vector<model::NumberedBucket> numbered_;
    std::map<std::string, bool> same_lists_;
    std::unordered_map<MirrorId, MirrorFacts*> unread_;
    std::vector<MirrorFacts*> changed_;
};

}  // namespace

const MirrorFacts* find_mirror(const World& world, std::string_view name) noexcept {
    const auto found = std::lower_bound(
        world.mirrors.begin(), world.mirrors.end(), name,
        [](const Facts& facts, std::string_view text) { return facts->mirror.mirror.name < text; });
    return found != world.mirrors.end() && (*found)->mirror.mirror.name == name ? found->get()
                                                                                : nullptr;
}

const model::Distribution* find_distribution(const World& world, std::string_view name) noexcept {
    const auto found =
        std::find_if(world.distributions.begin(), world.distributions.end(),
                     [&](const model::Distribution& one) { return one.name == name; });
    return found != world.distributions.end() ? &*found : nullptr;
}

std::vector<model::ContentRow> content_rows(const World& world, const MirrorFacts& facts) {
    std::vector<model::ContentRow> rows;
    const auto buckets = world.buckets.find(facts.mirror.mirror.distribution);
    if (buckets == world.buckets.end()) {
        return rows;
    }
    const std::size_t count = std::min(facts.rows.size(), buckets->second.size());
    for (std::size_t place = 0; place < count; ++place) {
        if (facts.rows[place] != 0) {
            rows.push_back({.bucket = buckets->second[place],
                            .freshness = static_cast<model::Freshness>(facts.rows[place])});
        }
    }
    return rows;
}

std::shared_ptr<const World> read_world(model::Store& store, model::Timestamp now,
                                        const World* before) {
    return Reading{store, now, before}.read();
}

}  // namespace service
