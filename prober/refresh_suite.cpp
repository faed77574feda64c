#include "prober/refresh_suite.hpp"

#include "model/mirror_url.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace prober {
namespace {

using Kind = SuiteAnswer::Kind;
using model::RefreshFault;
using model::RefreshFaultKind;

class SuiteRefresh {
public:
    SuiteRefresh(SuiteQuestion question, RefreshLimits limits)
        : question_{std::move(question)},
          limits_{limits},
          suite_url_{model::join_url(question_.primary_url,
                                     fmt::format("dists/{}/", question_.suite.suite))} {}

    asio::awaitable<SuiteAnswer> run(HttpClient& client);

private:
    ReleaseQuestion release_question() const;
    void judge(ReleaseAnswer);
    void begin_update(const VerifiedRelease&);
    asio::awaitable<void> read_indexes(Lane& lane, model::Release release);
    void refuse(RefreshFault);

    SuiteQuestion question_;
    RefreshLimits limits_;
    std::string suite_url_;
    SuiteAnswer answer_;
    model::Release release_;  // where it changed
};

ReleaseQuestion SuiteRefresh::release_question() const {
    ReleaseQuestion question;
    question.suite_url = suite_url_;
    question.keyring = question_.keyring;
    if (model::is_complete(question_.known, question_.suite.buckets)) {
        question.validators = question_.known.validators;
    }
    return question;
}

void SuiteRefresh::refuse(RefreshFault fault) {
    answer_.kind = Kind::faulty;
    answer_.fault = std::move(fault);
}

void SuiteRefresh::begin_update(const VerifiedRelease& verified) {
    auto& update = answer_.update;
    update.distribution = question_.distribution;
    update.snapshot.suite = question_.suite.suite;
    update.snapshot.sha256 = verified.sha256;
    update.snapshot.text_sha256 = verified.text_sha256;
    update.snapshot.date = verified.release.date;
    update.snapshot.valid_until = verified.release.valid_until;
    update.snapshot.first_seen = question_.now;
    update.snapshot.entries = verified.release.entries;
    update.snapshot.names = {.origin = verified.release.origin,
                             .codename = verified.release.codename,
                             .suite = verified.release.suite};
    update.validators = answer_.validators;
}

/// Whether the suite is what it was, or may be taken in.
void SuiteRefresh::judge(ReleaseAnswer release) {
    answer_.requests += release.requests;
    answer_.bytes += release.bytes;
    answer_.validators = std::move(release.validators);
    answer_.validators.checked = question_.now;
    const auto& newest = question_.known.newest;
    answer_.is_baseline = !newest;
    if (release.fault) {
        refuse(std::move(*release.fault));
        return;
    }
    model::Release now_there;
    if (release.is_unchanged) {
        // Time alone may have made it invalid.
        now_there.date = newest->date;
        now_there.valid_until = newest->valid_until;
    } else {
        now_there = std::move(release.verified->release);
    }
    const model::ReleaseContext context{
        question_.suite.suite, newest ? std::optional(newest->date) : std::nullopt, question_.now};
    if (auto fault = model::judge_release(now_there, context)) {
        refuse(std::move(*fault));
        return;
    }
    if (release.is_unchanged) {
        answer_.kind = Kind::unchanged;
        return;
    }
    release.verified->release = now_there;
    const bool is_same = newest && newest->text_sha256 == release.verified->text_sha256 &&
                         model::is_complete(question_.known, question_.suite.buckets);
    answer_.kind = is_same ? Kind::unchanged : Kind::changed;
    if (!is_same) {
        begin_update(*release.verified);
        release_ = std::move(now_there);
    }
}

asio::awaitable<void> SuiteRefresh::read_indexes(Lane& lane, model::Release release) {
    const auto indexes = model::wanted_indexes(release, question_.suite.buckets);
    answer_.indexes = indexes.size();
    if (indexes.empty()) {
        refuse({RefreshFaultKind::wrong_index,
                "its Release names none of the indexes that the catalogue has for it: look at the "
                "series' components and architectures"});
        co_return;
    }
    auto& update = answer_.update;
    for (const auto& index : indexes) {
        if (model::is_known(index, question_.known)) {
            continue;
        }
        IndexQuestion question;
        question.suite_url = suite_url_;
        question.index = index;
        question.distribution = question_.distribution;
        question.published = release.date;
        question.known = model::find_content(question_.known, index.bucket);
        auto read = co_await fetch_index(lane, std::move(question), limits_.index);
        answer_.requests += read.requests;
        answer_.bytes += read.bytes;
        if (read.fault) {
            refuse(std::move(*read.fault));
            co_return;
        }
        update.contents.push_back(std::move(read.content));
        std::move(read.published.begin(), read.published.end(),
                  std::back_inserter(update.publications));
    }
    for (auto& bucket : model::gone_buckets(question_.known, indexes, question_.suite.buckets)) {
        model::IndexContent nothing;
        nothing.bucket = std::move(bucket);
        update.contents.push_back(std::move(nothing));
    }
}

asio::awaitable<SuiteAnswer> SuiteRefresh::run(HttpClient& client) {
    auto lane = co_await client.open_lane(suite_url_, 1 + question_.suite.buckets.size());
    auto question = release_question();
    auto release = co_await fetch_release(*lane, std::move(question), limits_.release);
    judge(std::move(release));
    if (answer_.kind == Kind::changed) {
        co_await read_indexes(*lane, std::move(release_));
    }
    co_return std::move(answer_);
}

}  // namespace

asio::awaitable<SuiteAnswer> refresh_suite(HttpClient& client, SuiteQuestion question,
                                           RefreshLimits limits) {
    SuiteRefresh refresh(std::move(question), limits);
    co_return co_await refresh.run(client);
}

}  // namespace prober
