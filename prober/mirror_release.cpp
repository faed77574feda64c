#include "prober/mirror_release.hpp"

#include <utility>

namespace prober {
namespace {

struct File {
    ReleaseFile which{};
    std::string url;
    GetAnswer answer;
    std::string text;

    const Answer& said() const noexcept { return answer; }
    bool was_received() const noexcept { return answer.outcome.is_ok() && !answer.is_cut; }
    bool is_unchanged() const noexcept {
        return answer.outcome.kind == model::OutcomeKind::http_status &&
               answer.outcome.status == 304;
    }
    bool is_gone() const noexcept { return model::is_gone(answer.outcome); }
};

/// `had`: empty strings where there is no condition.
asio::awaitable<File> fetch(Lane& lane, MirrorRelease& fetched, std::string suite_url,
                            ReleaseFile which, model::ReleaseValidators had) {
    File file;
    file.which = which;
    file.url = std::move(suite_url);
    file.url += name_of(which);
    GetRequest request;
    if (had.url == file.url) {
        request.if_none_match = std::move(had.etag);
        request.if_modified_since = std::move(had.last_modified);
    }
    request.url = file.url;
    request.bytes_max = release_bytes_max;
    request.sink = [&file](std::string_view bytes) {
        file.text.append(bytes);
        return true;
    };
    file.answer = co_await lane.get(std::move(request));
    fetched.requests += file.answer.requests;
    fetched.bytes += file.answer.bytes;
    co_return file;
}

}  // namespace

std::string_view name_of(ReleaseFile file) noexcept {
    switch (file) {
    case ReleaseFile::in_release: return "InRelease";
    case ReleaseFile::release: return "Release";
    case ReleaseFile::signature: return "Release.gpg";
    }
    return "";
}

asio::awaitable<MirrorRelease> ask_for_release(Lane& lane, ReleaseLibrary& library,
                                               std::string suite_url,
                                               std::optional<ReleaseHad> had) {
    MirrorRelease fetched;
    SignedFiles files;
    auto condition = had ? had->validators : model::ReleaseValidators{};
    auto file =
        co_await fetch(lane, fetched, suite_url, ReleaseFile::in_release, std::move(condition));
    if (had && had->validators.url == file.url && file.is_unchanged()) {
        fetched.answer = file.said();
        fetched.answer.outcome = {.kind = model::OutcomeKind::ok};
        fetched.release = std::move(had->release);
        fetched.is_unchanged = true;
        co_return fetched;
    }
    if (file.was_received() && file.answer.final_url.empty()) {
        fetched.received = {.url = file.url,
                            .etag = file.answer.etag,
                            .last_modified = file.answer.last_modified,
                            .date = file.answer.date};
    }
    if (file.is_gone()) {
        model::ReleaseValidators unconditional;
        file = co_await fetch(lane, fetched, suite_url, ReleaseFile::release,
                              std::move(unconditional));
        files.form = SignedFiles::Form::detached;
    }
    fetched.file = file.which;
    fetched.answer = file.said();
    fetched.is_too_large = file.answer.outcome.is_ok() && file.answer.is_cut;
    if (!file.was_received()) {
        co_return fetched;
    }
    if (files.form == SignedFiles::Form::detached) {
        model::ReleaseValidators unconditional;
        auto signature = co_await fetch(lane, fetched, suite_url, ReleaseFile::signature,
                                        std::move(unconditional));
        if (signature.was_received()) {
            files.signature = std::move(signature.text);
        } else if (!signature.is_gone()) {
            // Whether it is signed cannot be told, so neither can the rest.
            fetched.file = signature.which;
            fetched.answer = signature.said();
            co_return fetched;
        }
    }
    files.text = std::move(file.text);
    fetched.release = co_await library.read(std::move(files));
    co_return fetched;
}

asio::awaitable<MirrorRelease> ask_for_release(Lane& lane, ReleaseLibrary& library,
                                               std::string suite_url) {
    return ask_for_release(lane, library, std::move(suite_url), std::nullopt);
}

}  // namespace prober
