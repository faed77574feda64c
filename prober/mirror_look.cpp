#include "prober/mirror_look.hpp"

#include "model/mirror_url.hpp"
#include "model/release_validators.hpp"
#include "prober/url_origin.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace prober {
namespace {

/// So many indexes of a suite are asked for again where they disagree with its Release.
/// One that still does is enough for a verdict.
constexpr std::size_t asked_again_max = 8;

}  // namespace

MirrorLook::MirrorLook(LookTask task, HttpClient& client, Clock clock)
    : task_{std::move(task)},
      client_{client},
      clock_{std::move(clock)},
      suites_(task_.plan->suites.size()) {}

asio::awaitable<void> MirrorLook::open(Lane& lane) {
    // The Release comes first: where nothing comes back, that is what people want to hear of.
    for (std::size_t suite = 0; suite < suites_.size(); ++suite) {
        if (!is_asked(suite)) {
            continue;
        }
        auto had = suite < task_.had.size() ? std::exchange(task_.had[suite], {}) : std::nullopt;
        auto fetched = co_await fetch(lane, suite, std::move(had));
        keep(suite, std::move(fetched));
        if (auto waiting = waiting_.extract(suite)) {
            for (auto& index : waiting.mapped()) {
                compare(suite, std::move(index));
            }
        }
    }
    task_.had = {};
    co_await ask_impossible_names(lane);
    if (!suites_.empty()) {
        co_await ask_marker(lane);
    }
    co_await ask_host();
    co_await ask_rsync(lane);
}

asio::awaitable<void> MirrorLook::ask_impossible_names(Lane& lane) {
    std::optional<model::Finding> finding;
    for (const auto& name : task_.impossible_names) {
        const auto url = impossible_url(task_.base_url, name);
        const auto answer = co_await lane.head(url);
        count("release", answer);
        finding = model::judge_nonsense(url, answer.outcome, answer.is_web_page);
        if (!finding) {
            break;
        }
    }
    answers_everything_ = finding.has_value();
    if (finding) {
        observation_.findings.push_back(std::move(*finding));
    }
}

asio::awaitable<MirrorRelease> MirrorLook::fetch(Lane& lane, std::size_t suite,
                                                 std::optional<ReleaseHad> had) {
    auto url = suite_url(suite);
    const auto before = had ? std::optional(had->validators) : std::nullopt;
    auto fetched = co_await ask_for_release(lane, *task_.library, std::move(url), std::move(had));
    const auto validators =
        fetched.is_unchanged ? before : model::strong_validators(fetched.received, clock_());
    suites_[suite].validators =
        validators ? std::make_unique<const model::ReleaseValidators>(*validators) : nullptr;
    count("release", fetched.requests, fetched.bytes);
    was_cancelled_ = was_cancelled_ || fetched.answer.outcome.kind == model::OutcomeKind::cancelled;
    co_return fetched;
}

void MirrorLook::keep(std::size_t number, MirrorRelease fetched) {
    file_answered(fetched.answer);
    auto& suite = suites_[number];
    suite.release = std::move(fetched.release);
    suite.outcome = fetched.answer.outcome;
    suite.host_wish = fetched.answer.host_wish;
    suite.file = fetched.file;
    suite.is_too_large = fetched.is_too_large;
    suite.is_web_page = fetched.answer.is_web_page;
    suite.is_answered = true;
    calls_indexes_web_pages_ |= suite.is_web_page && release(number) != nullptr;
    details_.erase(number);
    if (!fetched.answer.detail.empty()) {
        details_.emplace(number, std::move(fetched.answer.detail));
    }
}

/// And the traces, where it is an archive.
asio::awaitable<void> MirrorLook::ask_marker(Lane& lane) {
    auto marker = co_await ask_for_marker(lane, task_.base_url, clock_());
    take(std::move(marker));
    const bool has_release =
        std::ranges::any_of(suites_, [](const Suite& suite) { return suite.release != nullptr; });
    if (has_release && !answers_everything_) {
        auto traces = co_await ask_for_traces(lane, task_.base_url);
        take(std::move(traces));
    }
}

void MirrorLook::take(TraceAnswers answers) {
    count(answers.cost.kind, answers.cost.requests, answers.cost.bytes);
    was_cancelled_ = was_cancelled_ || answers.was_cancelled;
    if (!answers.marker_url.empty()) {
        marker_url_ = std::move(answers.marker_url);
        marker_since_ = answers.marker_since;
    }
    std::ranges::move(answers.traces, std::back_inserter(observation_.traces));
}

/// It is told of, and says nothing of the rest of the mirror.
asio::awaitable<void> MirrorLook::ask_rsync(Lane& lane) {
    if (task_.rsync_url.empty()) {
        co_return;
    }
    const auto facts = co_await lane.greet_rsync(task_.rsync_url);
    if (facts.connections > 0) {
        count("rsync", facts.connections, facts.bytes);
    }
    was_cancelled_ = was_cancelled_ || facts.outcome.kind == model::OutcomeKind::cancelled;
    observation_.rsync = model::rsync_state(facts);
    if (auto finding = model::judge_rsync(facts)) {
        observation_.findings.push_back(std::move(*finding));
    }
}

/// A literal address was spoken to all the time.
asio::awaitable<void> MirrorLook::ask_host() {
    const auto origin = parse_origin(task_.base_url);
    std::uint32_t requests = 0;
    if (origin && !origin->is_address) {
        address_url_ = task_.base_url;
        auto asked = co_await client_.connect_each(address_url_);
        observation_.addresses = std::move(asked.states);
        requests += asked.requests;
    }
    if (task_.base_url.starts_with("https:")) {
        auto asked = co_await client_.certificate(task_.base_url);
        observation_.certificate = std::move(asked.certificate);
        requests += asked.connections;
    }
    if (requests > 0) {
        count("address", requests, 0);
    }
}

void MirrorLook::file_answered(const Answer& answer) {
    if (!host_outcome_) {
        host_outcome_ = answer.outcome;
    }
}

void MirrorLook::index_answered(std::size_t suite, std::string_view path, const Answer& answer) {
    if (!answer.outcome.is_ok() || (!answer.content_length && !answer.is_web_page)) {
        return;
    }
    const auto& of = suites_.at(suite);
    if (!of.is_answered) {
        waiting_[suite].push_back({.path = std::string(path),
                                   .size = answer.content_length,
                                   .is_web_page = answer.is_web_page});
        return;
    }
    const auto* const entry =
        of.release && of.release->release ? model::find_entry(*of.release->release, path) : nullptr;
    if (!answer.is_web_page && (entry == nullptr || entry->size == answer.content_length)) {
        return;  // nearly always
    }
    compare(suite, {.path = std::string(path),
                    .size = answer.content_length,
                    .is_web_page = answer.is_web_page});
}

void MirrorLook::compare(std::size_t number, OddIndex index) {
    const auto& suite = suites_[number];
    const auto* const release =
        suite.release && suite.release->release ? &*suite.release->release : nullptr;
    const auto* const entry =
        release != nullptr ? model::find_entry(*release, index.path) : nullptr;
    if (entry != nullptr && index.size && *index.size == entry->size) {
        calls_indexes_web_pages_ = calls_indexes_web_pages_ || index.is_web_page;
        return;
    }
    if (index.is_web_page || (entry != nullptr && index.size)) {
        odd_[number].push_back(std::move(index));
    }
}

asio::awaitable<void> MirrorLook::close(Lane& lane) {
    if (!is_archive()) {
        co_return;
    }
    for (std::size_t suite = 0; suite < suites_.size(); ++suite) {
        if (odd_.contains(suite)) {
            co_await ask_again(lane, suite);
        }
    }
    const bool is_in_doubt = !odd_.empty() || std::ranges::any_of(suites_, &Suite::has_changed);
    if (marker_url_.empty() && is_in_doubt) {
        auto marker = co_await look_for_marker(lane, task_.base_url, clock_());
        take(std::move(marker));
    }
}

/// Some servers tell a HEAD of any file that it is empty; apt asks with GET.
asio::awaitable<Answer> MirrorLook::ask_size(Lane& lane, std::string url) {
    auto answer = co_await lane.head(url);
    count("index", answer);
    if (answer.outcome.is_ok() && answer.content_length == std::uint64_t{0}) {
        GetRequest request;
        request.url = std::move(url);
        request.sink = [](std::string_view) { return false; };  // its size is all that is wanted
        const auto got = co_await lane.get(std::move(request));
        count("index", got);
        if (got.outcome.is_ok()) {
            answer = static_cast<const Answer&>(got);
        }
    }
    co_return answer;
}

/// A mirror that synced between our two questions is not torn for that.
asio::awaitable<void> MirrorLook::ask_again(Lane& lane, std::size_t number) {
    auto& suite = suites_[number];
    // Without a condition: what is odd may be so because the mirror only says that it is as it was.
    std::optional<ReleaseHad> unconditional;
    auto again = co_await fetch(lane, number, std::move(unconditional));
    if (!again.release) {
        co_return;
    }
    suite.has_changed = again.release->sha256 != suite.release->sha256;
    keep(number, std::move(again));
    const auto extracted = odd_.extract(number);
    const auto& odd = extracted.mapped();
    const auto first_left =
        odd.begin() + static_cast<std::ptrdiff_t>(std::min(odd.size(), asked_again_max));
    for (auto index = odd.begin(); index != first_left; ++index) {
        auto url = suite_url(number) + index->path;
        const auto answer = co_await ask_size(lane, std::move(url));
        const auto odd_before = odd_of(number).size();
        index_answered(number, index->path, answer);
        suite.has_changed = suite.has_changed || odd_of(number).size() == odd_before;
    }
    if (!suite.has_changed && first_left != odd.end()) {
        auto& left = odd_[number];
        left.insert(left.end(), first_left, odd.end());
    }
}

model::Observation MirrorLook::take_observation(std::vector<model::RequestCost> costs) {
    judge_host();
    for (const auto& cost : costs) {
        count(cost.kind, cost.requests, cost.bytes);
    }
    for (auto& [kind, cost] : costs_) {
        observation_.costs.push_back(std::move(cost));
    }
    model::sort_findings(observation_.findings);
    return std::move(observation_);
}

bool MirrorLook::is_asked(std::size_t suite) const {
    return task_.is_asked.empty() || task_.is_asked.at(suite);
}

std::string MirrorLook::suite_url(std::size_t suite) const {
    return model::join_url(task_.base_url, "dists/" + task_.plan->suites.at(suite).suite + "/");
}

void MirrorLook::count(const std::string& kind, const Answer& answer) {
    count(kind, answer.requests, answer.bytes);
    was_cancelled_ = was_cancelled_ || answer.outcome.kind == model::OutcomeKind::cancelled;
}

void MirrorLook::count(const std::string& kind, std::uint32_t requests, std::uint64_t bytes) {
    auto& cost = costs_[kind];
    cost.kind = kind;
    cost.requests += requests;
    cost.bytes += bytes;
}

}  // namespace prober
