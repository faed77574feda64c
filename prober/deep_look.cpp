#include "prober/deep_look.hpp"

#include "model/host_findings.hpp"
#include "model/index_package.hpp"
#include "model/mirror_url.hpp"
#include "prober/index_stream.hpp"
#include "prober/sha256_hasher.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string_view>
#include <utility>

namespace prober {
namespace {

constexpr std::uint64_t inflate_ratio_max = 2000;  // gzip reaches 1032
constexpr std::uint64_t window_bytes_max = 64U << 20U;
constexpr std::size_t stanza_bytes_max = 4U << 20U;
/// What is longer than it should be is read so far, to say how long it is.
constexpr std::uint64_t surplus_bytes_max = 1U << 20U;

/// One file of the pool, as an index says that it is.
struct PoolFile {
    std::string path;
    std::uint64_t size = 0;
    std::optional<model::Sha256> sha256;
};

/// What GET brought: how much, and its hash.
struct Fetched {
    GetAnswer answer;
    model::Sha256 sha256;
};

/// "main/binary-amd64/Packages"
std::string_view without_form(std::string_view path) {
    const auto name = path.rfind('/') + 1;
    return path.substr(0, path.find('.', name));
}

/// Takes some of the files that come along, each with the same chance.
class Sample {
public:
    Sample(std::size_t files_max, std::uint64_t chance) : files_max_{files_max}, random_{chance} {}

    void add(const model::IndexPackage& package) {
        if (package.file.empty() || files_max_ == 0) {
            return;
        }
        // Source: J. S. Vitter, "Random Sampling with a Reservoir", algorithm R.
        ++seen_;
        if (files_.size() < files_max_) {
            files_.push_back(file_of(package));
        } else if (const auto place = random_() % seen_; place < files_max_) {
            files_[place] = file_of(package);
        }
    }

    const std::vector<PoolFile>& files() const noexcept { return files_; }

private:
    static PoolFile file_of(const model::IndexPackage& package) {
        return {.path = model::path_of(package),
                .size = package.size,
                .sha256 = model::parse_sha256(package.sha256)};
    }

    std::size_t files_max_;
    std::mt19937_64 random_;
    std::uint64_t seen_ = 0;
    std::vector<PoolFile> files_;
};

class DeepLook {
public:
    DeepLook(Lane& lane, DeepTask task)
        : lane_{lane}, task_{std::move(task)}, pool_{task_.limits.pool_files_max, task_.chance} {}

    asio::awaitable<DeepAnswers> run();

private:
    std::vector<model::ReleaseEntry> chosen() const;
    asio::awaitable<void> look_at(model::ReleaseEntry entry);
    asio::awaitable<void> look_by_hash(model::ReleaseEntry entry);
    asio::awaitable<void> look_at(PoolFile file);
    asio::awaitable<Fetched> fetch(std::string url, std::uint64_t bytes_max, IndexStream* stream);
    void count(const Answer& answer);
    std::string url_of(std::string_view path) const;

    Lane& lane_;
    DeepTask task_;
    Sample pool_;
    std::set<std::string, std::less<>> sampled_;  // indexes of which one form has been read
    std::uint64_t pool_bytes_ = 0;                // fetched
    bool lacks_by_hash_ = false;
    DeepAnswers found_;
};

asio::awaitable<DeepAnswers> DeepLook::run() {
    const auto entries = chosen();
    for (const auto& entry : entries) {
        if (!found_.was_cancelled) {
            co_await look_at(entry);
        }
    }
    std::set<std::string, std::less<>> asked;
    for (const auto& file : pool_.files()) {
        // A package for all architectures is in the index of each.
        if (!found_.was_cancelled && asked.insert(file.path).second) {
            co_await look_at(file);
        }
    }
    co_return std::move(found_);
}

/// All small ones, and a large one; of that as much as may be.
std::vector<model::ReleaseEntry> DeepLook::chosen() const {
    std::vector<model::ReleaseEntry> small;
    std::vector<model::ReleaseEntry> large;
    for (const auto& entry : task_.indexes) {
        if (entry.size <= task_.limits.small_bytes_max) {
            small.push_back(entry);
        } else if (entry.size <= task_.limits.large_bytes_max) {
            large.push_back(entry);
        }
    }
    std::vector<model::ReleaseEntry> chosen;
    std::uint64_t bytes = 0;
    const auto choose = [&](const model::ReleaseEntry& entry) {
        if (chosen.size() < task_.limits.indexes_max &&
            bytes + entry.size <= task_.limits.indexes_bytes_max) {
            bytes += entry.size;
            chosen.push_back(entry);
        }
    };
    if (!large.empty()) {
        choose(large[task_.chance % large.size()]);
    }
    const auto of_large = static_cast<std::ptrdiff_t>(chosen.size());
    for (std::size_t i = 0; i < small.size(); ++i) {
        choose(small[(task_.chance + i) % small.size()]);
    }
    // The small ones first: what is taken from the pool comes out of many of them.
    std::rotate(chosen.begin(), chosen.begin() + of_large, chosen.end());
    return chosen;
}

asio::awaitable<void> DeepLook::look_at(model::ReleaseEntry entry) {
    model::IndexFacts facts;
    facts.path = entry.path;
    facts.url = url_of("dists/" + task_.suite + "/" + entry.path);
    const auto kind = without_form(entry.path).ends_with("Sources") ? model::IndexKind::sources
                                                                    : model::IndexKind::packages;
    const bool is_new = sampled_.emplace(without_form(entry.path)).second;
    // A part of the files only, until it is known that the index is what it should be.
    auto sample = pool_;
    IndexStream stream(compression_of(entry.path), kind,
                       {.inflate = {.bytes_max = entry.size,
                                    .inflated_bytes_max = task_.limits.inflated_bytes_max,
                                    .ratio_max = inflate_ratio_max,
                                    .window_bytes_max = window_bytes_max},
                        .stanza_bytes_max = stanza_bytes_max},
                       [&sample](const model::IndexPackage& package) { sample.add(package); });
    auto url = facts.url;
    const auto fetched =
        co_await fetch(std::move(url), entry.size + surplus_bytes_max, is_new ? &stream : nullptr);
    const auto& answer = fetched.answer;
    facts.outcome = answer.outcome;
    facts.is_web_page = answer.is_web_page;
    facts.is_fetched = true;
    if (answer.outcome.is_ok()) {
        facts.size = answer.is_cut ? std::max(answer.content_length.value_or(0), answer.body_bytes)
                                   : answer.body_bytes;
    }
    if (answer.outcome.is_ok() && !answer.is_cut) {
        facts.sha256 = fetched.sha256;
    }
    const bool is_it = facts.sha256 && *facts.sha256 == entry.sha256;
    found_.indexes.push_back(std::move(facts));
    if (is_it && is_new && stream.finish().has_value()) {
        pool_ = std::move(sample);
    }
    if (is_it && task_.has_by_hash && !lacks_by_hash_) {
        co_await look_by_hash(std::move(entry));
    }
}

asio::awaitable<void> DeepLook::look_by_hash(model::ReleaseEntry entry) {
    const auto folder = entry.path.substr(0, entry.path.rfind('/') + 1);
    model::FileFacts facts;
    facts.subject = task_.suite;
    facts.url =
        url_of("dists/" + task_.suite + "/" + folder + "by-hash/SHA256/" + to_string(entry.sha256));
    facts.size_expected = entry.size;
    facts.sha256_expected = entry.sha256;
    auto url = facts.url;
    const auto answer = co_await lane_.head(std::move(url));
    count(answer);
    facts.outcome = answer.outcome;
    facts.size = answer.content_length;
    if (auto finding = model::judge_by_hash(facts)) {
        // One is enough: where one is missing, the folder was left out.
        lacks_by_hash_ = true;
        found_.findings.push_back(std::move(*finding));
    }
}

asio::awaitable<void> DeepLook::look_at(PoolFile file) {
    model::FileFacts facts;
    facts.subject = task_.suite;
    facts.url = url_of(file.path);
    facts.size_expected = file.size;
    auto url = facts.url;
    const auto answer = co_await lane_.head(std::move(url));
    count(answer);
    facts.outcome = answer.outcome;
    facts.size = answer.content_length;
    const bool is_right_size =
        answer.outcome.is_ok() && facts.size.value_or(file.size) == file.size;
    if (is_right_size && file.sha256 && pool_bytes_ + file.size <= task_.limits.pool_bytes_max) {
        pool_bytes_ += file.size;
        auto body_url = facts.url;
        const auto fetched =
            co_await fetch(std::move(body_url), file.size + surplus_bytes_max, nullptr);
        if (fetched.answer.outcome.is_ok() && !fetched.answer.is_cut) {
            facts.size = fetched.answer.body_bytes;
            facts.sha256 = fetched.sha256;
            facts.sha256_expected = *file.sha256;
        }
    }
    if (auto finding = model::judge_pool_file(facts)) {
        found_.findings.push_back(std::move(*finding));
    }
}

/// `stream` may be null.
asio::awaitable<Fetched> DeepLook::fetch(std::string url, std::uint64_t bytes_max,
                                         IndexStream* stream) {
    Sha256Hasher hasher;
    GetRequest request;
    request.url = std::move(url);
    request.bytes_max = bytes_max;
    request.sink = [&hasher, stream](std::string_view piece) {
        hasher.add(piece);
        if (stream != nullptr) {
            stream->feed(piece);
        }
        return true;
    };
    Fetched fetched;
    fetched.answer = co_await lane_.get(std::move(request));
    fetched.sha256 = hasher.finish();
    count(fetched.answer);
    co_return fetched;
}

void DeepLook::count(const Answer& answer) {
    found_.cost.requests += answer.requests;
    found_.cost.bytes += answer.bytes;
    found_.was_cancelled =
        found_.was_cancelled || answer.outcome.kind == model::OutcomeKind::cancelled;
}

std::string DeepLook::url_of(std::string_view path) const {
    return model::join_url(task_.base_url, std::string(path));
}

}  // namespace

asio::awaitable<DeepAnswers> look_deep(Lane& lane, DeepTask task) {
    DeepLook look(lane, std::move(task));
    co_return co_await look.run();
}

}  // namespace prober
