#include "tools/mirrorwarden/archive_refresh.hpp"

#include "model/archive_index.hpp"
#include "model/refresh_changes.hpp"
#include "tools/mirrorwarden/environment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace mirrorwarden {
namespace {

using Result = SuiteReport::Result;
using model::RefreshFaultKind;

model::SuiteKnowledge knowledge_of(model::Store& store, const std::string& distribution,
                                   const model::SuiteBuckets& suite) {
    model::SuiteKnowledge known;
    known.newest = store.newest_snapshot(distribution, suite.suite);
    known.validators = store.validators(distribution, suite.suite);
    for (const auto& bucket : suite.buckets) {
        if (auto content = store.index_content(distribution, bucket)) {
            known.contents.push_back(std::move(*content));
        }
    }
    return known;
}

/// What the indexes listed before and list no more. `known`: before.
std::vector<model::Publication> find_superseded(model::Store& store,
                                                const model::SnapshotUpdate& update,
                                                const model::SuiteKnowledge& known) {
    std::vector<model::Publication> gone;
    for (const auto& content : update.contents) {
        const auto* const before = model::find_content(known, content.bucket);
        if (before == nullptr) {
            continue;
        }
        auto of_bucket = model::superseded(store.publications(update.distribution, content.bucket),
                                           before->packages, content.packages);
        std::move(of_bucket.begin(), of_bucket.end(), std::back_inserter(gone));
    }
    return gone;
}

class SuiteTask {
public:
    SuiteTask(model::Store& store, const model::Distribution& distribution,
              model::SuiteBuckets suite)
        : store_{store}, distribution_{distribution}, suite_{std::move(suite)} {
        report_.suite = suite_.suite;
    }

    SuiteReport run(ArchiveClient& client);

private:
    void take(prober::SuiteAnswer, const model::SuiteKnowledge&);
    void record(prober::SuiteAnswer, const model::SuiteKnowledge&);
    void fail(model::RefreshFault fault);

    model::Store& store_;
    const model::Distribution& distribution_;
    model::SuiteBuckets suite_;
    SuiteReport report_;
};

void SuiteTask::fail(model::RefreshFault fault) {
    report_.result = Result::faulty;
    report_.fault = std::move(fault);
}

void SuiteTask::record(prober::SuiteAnswer answer, const model::SuiteKnowledge& known) {
    auto& update = answer.update;
    report_.result = answer.is_baseline ? Result::baseline : Result::changed;
    report_.indexes = update.contents.size();
    for (const auto& content : update.contents) {
        report_.packages += content.packages.size();
    }
    report_.published = update.publications.size();
    auto gone = find_superseded(store_, update, known);
    report_.superseded = gone.size();
    std::move(gone.begin(), gone.end(), std::back_inserter(update.publications));
    if (const auto stored = store_.record_snapshot(update); stored.has_error()) {
        const bool is_older = stored.error().kind == model::Refusal::Kind::older_snapshot;
        fail({is_older ? RefreshFaultKind::older : RefreshFaultKind::unreadable,
              stored.error().detail});
        return;
    }
    report_.date = update.snapshot.date;
    report_.valid_until = update.snapshot.valid_until;
}

void SuiteTask::take(prober::SuiteAnswer answer, const model::SuiteKnowledge& known) {
    using Kind = prober::SuiteAnswer::Kind;
    report_.requests = answer.requests;
    report_.bytes = answer.bytes;
    if (known.newest) {
        report_.date = known.newest->date;
        report_.valid_until = known.newest->valid_until;
    }
    switch (answer.kind) {
    case Kind::unchanged:
        store_.keep_validators(distribution_.name, suite_.suite, answer.validators);
        report_.result = Result::unchanged;
        break;
    case Kind::changed: record(std::move(answer), known); break;
    case Kind::faulty: fail(std::move(answer.fault)); break;
    }
    if (report_.fault && report_.fault->kind == RefreshFaultKind::no_release && !known.newest) {
        report_.result = Result::absent;
    }
}

SuiteReport SuiteTask::run(ArchiveClient& client) {
    if (distribution_.keyring.empty()) {
        fail({RefreshFaultKind::no_keyring,
              "no keyring is known, so nothing that the archive says can be believed: give a file "
              "of its public keys as keyring = \"/usr/share/keyrings/...\" in the catalogue, and "
              "load that"});
        return std::move(report_);
    }
    if (client.is_interrupted()) {
        fail({RefreshFaultKind::interrupted, "it was interrupted"});
        return std::move(report_);
    }
    auto known = knowledge_of(store_, distribution_.name, suite_);
    prober::SuiteQuestion question;
    question.distribution = distribution_.name;
    question.primary_url = distribution_.primary_url;
    question.keyring = distribution_.keyring;
    question.suite = suite_;
    question.known = known;
    question.now = now();
    take(client.ask(prober::refresh_suite(client.http(), std::move(question), refresh_limits())),
         known);
    return std::move(report_);
}

}  // namespace

std::string_view to_string(SuiteReport::Result result) noexcept {
    switch (result) {
    case Result::baseline: return "baseline";
    case Result::changed: return "changed";
    case Result::unchanged: return "unchanged";
    case Result::absent: return "absent";
    case Result::faulty: break;
    }
    return "faulty";
}

ArchiveReport refresh_archive(model::Store& store, const model::Distribution& distribution,
                              ArchiveClient& client) {
    ArchiveReport report;
    report.distribution = distribution.name;
    for (auto& suite : model::suites_of(distribution)) {
        report.suites.push_back(SuiteTask(store, distribution, std::move(suite)).run(client));
    }
    // An archive that has none of them is not the one that was meant.
    const bool has_any =
        std::any_of(report.suites.begin(), report.suites.end(),
                    [](const SuiteReport& suite) { return suite.result != Result::absent; });
    for (auto& suite : report.suites) {
        if (!has_any) {
            suite.result = Result::faulty;
        } else if (suite.result == Result::absent) {
            suite.fault.reset();
        }
    }
    return report;
}

std::vector<std::string> troubles_of(const ArchiveReport& report) {
    std::vector<std::string> lines;
    for (const auto& suite : report.suites) {
        if (suite.fault) {
            lines.push_back(
                fmt::format("{} {}: {}.", report.distribution, suite.suite, suite.fault->what));
        }
    }
    return lines;
}

}  // namespace mirrorwarden
