#include "prober/fetch_index.hpp"

#include "model/index_package.hpp"
#include "model/refresh_changes.hpp"
#include "prober/index_stream.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace prober {
namespace {

using model::RefreshFault;
using Kind = model::RefreshFaultKind;

/// The Release names sizes: not a byte more is read.
IndexStream::Limits stream_limits(const model::WantedIndex& index, const IndexLimits& limits) {
    return {.inflate = {.bytes_max = index.entry.size,
                        .inflated_bytes_max = index.inflated ? std::min(index.inflated->size,
                                                                        limits.inflated_bytes_max)
                                                             : limits.inflated_bytes_max,
                        .ratio_max = limits.ratio_max,
                        .window_bytes_max = limits.window_bytes_max},
            .stanza_bytes_max = limits.stanza_bytes_max};
}

RefreshFault wrong_index(const model::WantedIndex& index, const std::string& what) {
    return {Kind::wrong_index, fmt::format("{}: {}", index.entry.path, what)};
}

/// Where what came is not what the Release names.
std::optional<RefreshFault> compare(const model::WantedIndex& index, const IndexSummary& summary) {
    if (summary.bytes != index.entry.size) {
        return wrong_index(index, fmt::format("it has {} bytes; its Release says {}", summary.bytes,
                                              index.entry.size));
    }
    if (summary.sha256 != index.entry.sha256) {
        return wrong_index(index,
                           fmt::format("it has the SHA-256 {}; its Release says {}",
                                       to_string(summary.sha256), to_string(index.entry.sha256)));
    }
    if (index.inflated && summary.inflated_sha256 != index.inflated->sha256) {
        return wrong_index(index, "what it inflates to is not what its Release says");
    }
    return std::nullopt;
}

class IndexFetch {
public:
    IndexFetch(Lane& lane, IndexQuestion question, IndexLimits limits)
        : lane_{lane}, question_{std::move(question)}, limits_{limits} {
        answer_.content.bucket = question_.index.bucket;
    }

    asio::awaitable<IndexAnswer> run();

private:
    asio::awaitable<bool> try_path(std::string path);
    void take(const model::IndexPackage&);
    std::optional<RefreshFault> judge(const GetAnswer&, IndexStream&, const std::string& url);

    Lane& lane_;
    IndexQuestion question_;
    IndexLimits limits_;
    IndexAnswer answer_;
};

void IndexFetch::take(const model::IndexPackage& package) {
    const auto key = model::package_key(package);
    answer_.content.packages.push_back(key);
    if (question_.known == nullptr) {
        return;
    }
    const auto& before = question_.known->packages;
    if (!std::binary_search(before.begin(), before.end(), key)) {
        answer_.published.push_back(model::publication_of(
            package, question_.distribution, question_.index.bucket, question_.published));
    }
}

std::optional<RefreshFault> IndexFetch::judge(const GetAnswer& got, IndexStream& stream,
                                              const std::string& url) {
    if (got.outcome.kind == model::OutcomeKind::cancelled) {
        return RefreshFault{Kind::interrupted, "it was interrupted"};
    }
    if (!got.outcome.is_ok()) {
        return RefreshFault{Kind::no_answer,
                            fmt::format("GET {}: {}: {}", url, to_string(got.outcome),
                                        model::explain(got.outcome.kind))};
    }
    const auto summary = stream.finish();
    if (got.content_length && *got.content_length != question_.index.entry.size) {
        return wrong_index(question_.index,
                           fmt::format("it has {} bytes; its Release says {}", *got.content_length,
                                       question_.index.entry.size));
    }
    // Where it was cut because there is more of it, its packing ends early, too.
    const bool is_whole_so_far =
        summary.has_value() || summary.error().kind == IndexFault::Kind::truncated;
    if (got.is_cut && is_whole_so_far) {
        return wrong_index(question_.index, fmt::format("it has more than the {} bytes that its "
                                                        "Release says",
                                                        question_.index.entry.size));
    }
    if (summary.has_error()) {
        return wrong_index(question_.index, summary.error().what);
    }
    answer_.content.sha256 = summary->inflated_sha256;
    return compare(question_.index, *summary);
}

/// False where there is no such file.
asio::awaitable<bool> IndexFetch::try_path(std::string path) {
    const auto url = question_.suite_url + path;
    IndexStream stream(compression_of(question_.index.entry.path),
                       model::index_kind(question_.index.bucket),
                       stream_limits(question_.index, limits_),
                       [this](const model::IndexPackage& package) { take(package); });
    GetRequest request;
    request.url = url;
    request.bytes_max = question_.index.entry.size;
    request.sink = [&stream](std::string_view piece) { return stream.feed(piece); };
    const auto got = co_await lane_.get(std::move(request));
    answer_.requests += got.requests;
    answer_.bytes += got.bytes;
    if (model::is_gone(got.outcome)) {
        co_return false;
    }
    answer_.fault = judge(got, stream, url);
    co_return true;
}

asio::awaitable<IndexAnswer> IndexFetch::run() {
    const auto& index = question_.index;
    if (index.entry.size > limits_.bytes_max) {
        answer_.fault = wrong_index(
            index, fmt::format("its Release says that it has {} bytes, more than the {} that are "
                               "read of an index",
                               index.entry.size, limits_.bytes_max));
        co_return std::move(answer_);
    }
    bool is_found = false;
    if (!index.by_hash_path.empty()) {
        is_found = co_await try_path(index.by_hash_path);
    }
    if (!is_found) {
        is_found = co_await try_path(index.entry.path);
    }
    if (!is_found) {
        // archive.ubuntu.com has some of the architectures that its Release names; the others are
        // at another place.
        answer_.fault = wrong_index(
            index,
            "the archive does not have it, though its Release names it; where it never has, take "
            "that architecture or component out of the catalogue");
    }
    model::tidy_keys(answer_.content.packages);
    co_return std::move(answer_);
}

}  // namespace

asio::awaitable<IndexAnswer> fetch_index(Lane& lane, IndexQuestion question, IndexLimits limits) {
    IndexFetch fetch(lane, std::move(question), limits);
    co_return co_await fetch.run();
}

}  // namespace prober
