#include "tools/mirrorwarden/check_question.hpp"

#include "model/bucket.hpp"
#include "model/mirror_url.hpp"
#include "model/text_rules.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/look_plans.hpp"
#include "tools/mirrorwarden/lookup.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>

namespace mirrorwarden {
namespace {

/// "what" says where the URL was given.
std::string normalised(const std::string& url, std::string_view what) {
    const auto scheme = url.substr(0, url.find(':'));
    for (const std::string_view known : {"http", "https", "ftp"}) {
        if (scheme == known) {
            auto base = model::normalise_base_url(known, url);
            if (base.has_error()) {
                throw InputError(fmt::format("{}: {}", what, base.error()));
            }
            return std::move(*base);
        }
    }
    throw InputError(
        fmt::format("{}: {} is no URL of http, https or ftp", what, model::in_quotes(url)));
}

bool is_rsync(const std::string& url) {
    return url.starts_with("rsync:");
}

CheckQuestion make_rsync_question(const CheckOptions& options) {
    const bool has_more = !options.suites.empty() || !options.distribution.empty() ||
                          !options.keyring.empty() || !options.primary.empty() ||
                          !options.wish.components.empty() || !options.wish.architectures.empty() ||
                          options.deep;
    if (has_more) {
        throw InputError(
            "URL: an rsync daemon is asked for its greeting and its module alone: leave out what "
            "is to be there, or give the mirror's http, https or ftp URL");
    }
    auto url = model::normalise_base_url("rsync", options.url);
    if (url.has_error()) {
        throw InputError(fmt::format("URL: {}", url.error()));
    }
    CheckQuestion question;
    question.rsync_url = std::move(*url);
    return question;
}

/// One folder below dists/, or some: "bookworm", "bookworm/updates".
bool is_suite(const std::string& suite) {
    const bool is_plain = std::ranges::all_of(suite, [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') ||
               std::string_view{"._-+~/"}.find(letter) != std::string_view::npos;
    });
    return is_plain && !suite.empty() && suite.front() != '/' && suite.back() != '/' &&
           suite.find("..") == std::string::npos && suite.find("//") == std::string::npos;
}

void add_suites(CheckQuestion& question, const CheckOptions& options) {
    for (const auto& suite : options.suites) {
        if (!is_suite(suite)) {
            throw InputError(
                fmt::format("--suite: {} is no folder below dists/", model::in_quotes(suite)));
        }
        if (std::ranges::find(question.plan.suites, suite, &prober::LookSuite::suite) ==
            question.plan.suites.end()) {
            question.plan.suites.push_back({.suite = suite, .names = {}, .known = {}});
        }
    }
}

void add_once(std::vector<std::string>& words, const std::string& word) {
    if (std::ranges::find(words, word) == words.end()) {
        words.push_back(word);
    }
}

void add_catalogue(CheckQuestion& question, model::Store& store, const CheckOptions& options) {
    const auto distribution = known_distribution(store, options.distribution);
    model::IndexWish usual;
    for (const auto& bucket :
         model::expected_buckets(distribution, {}, model::Expectation::usual)) {
        add_once(usual.components, bucket.component);
        add_once(usual.architectures, bucket.architecture);
        auto suite = model::suite(bucket);
        if (options.suites.empty() &&
            std::ranges::find(question.plan.suites, suite, &prober::LookSuite::suite) ==
                question.plan.suites.end()) {
            question.plan.suites.push_back({.suite = std::move(suite), .names = {}, .known = {}});
        }
    }
    if (question.plan.suites.empty()) {
        throw InputError(
            fmt::format("the distribution {} has no suites: add series to it, or name "
                        "some with --suite",
                        distribution.name));
    }
    question.plan.sync_grace = distribution.sync_grace;
    bool is_history_known = true;
    for (auto& suite : question.plan.suites) {
        suite.known = known_snapshots(store, distribution.name, suite.suite);
        suite.names = names_of(suite.known);
        is_history_known = is_history_known && !suite.known.empty();
    }
    if (question.wish.components.empty()) {
        question.wish.components = usual.components;
    }
    if (question.wish.architectures.empty()) {
        question.wish.architectures = usual.architectures;
    }
    if (question.plan.keyring.empty()) {
        question.plan.keyring = distribution.keyring;
    }
    if (question.primary_url.empty() && !is_history_known) {
        question.primary_url = distribution.primary_url;
    }
}

}  // namespace

CheckQuestion make_check_question(Environment& environment, const CheckOptions& options) {
    if (is_rsync(options.url)) {
        return make_rsync_question(options);
    }
    CheckQuestion question;
    question.base_url = normalised(options.url, "URL");
    question.wish = options.wish;
    question.plan.keyring = options.keyring;
    question.plan.sync_grace = model::Distribution{}.sync_grace;
    question.plan.has_history = false;
    question.plan.forgives_left_out =
        options.wish.components.empty() && options.wish.architectures.empty();
    if (!options.primary.empty()) {
        question.primary_url = normalised(options.primary, "--primary");
    }
    add_suites(question, options);
    if (!options.distribution.empty()) {
        const auto store = environment.open_store(storage::Opening::existing);
        add_catalogue(question, *store, options);
    } else if (question.plan.suites.empty()) {
        throw InputError(
            "say what should be there: --suite SUITE, once or more, or --distribution "
            "NAME of the catalogue");
    }
    if (!question.plan.keyring.empty() && !std::ifstream(question.plan.keyring)) {
        throw InputError(
            fmt::format("--signed-by: cannot read {}; it must be a file of public "
                        "keys, such as those in /usr/share/keyrings",
                        question.plan.keyring));
    }
    return question;
}

}  // namespace mirrorwarden
