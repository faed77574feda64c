#include "prober/mirror_release.hpp"

#include <utility>

namespace prober {
namespace {

struct File {
    std::string url;
    GetAnswer answer;
    std::string text;

    bool was_received() const noexcept { return answer.outcome.is_ok() && !answer.is_cut; }
    bool was_not_found() const noexcept {
        return answer.outcome.kind == model::OutcomeKind::http_status &&
               (answer.outcome.status == 404 || answer.outcome.status == 410);
    }
};

asio::awaitable<File> fetch(Lane& lane, MirrorRelease& fetched, std::string url) {
    File file;
    file.url = std::move(url);
    GetRequest request;
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

asio::awaitable<MirrorRelease> ask_for_release(Lane& lane, ReleaseLibrary& library,
                                               std::string suite_url) {
    MirrorRelease fetched;
    SignedFiles files;
    auto file = co_await fetch(lane, fetched, suite_url + "InRelease");
    if (file.was_not_found()) {
        file = co_await fetch(lane, fetched, suite_url + "Release");
        files.form = SignedFiles::Form::detached;
    }
    fetched.url = file.url;
    fetched.answer = file.answer;
    fetched.is_too_large = file.answer.outcome.is_ok() && file.answer.is_cut;
    if (!file.was_received()) {
        co_return fetched;
    }
    if (files.form == SignedFiles::Form::detached) {
        auto signature = co_await fetch(lane, fetched, suite_url + "Release.gpg");
        if (signature.was_received()) {
            files.signature = std::move(signature.text);
        } else if (!signature.was_not_found()) {
            // Whether it is signed cannot be told, so neither can the rest.
            fetched.url = signature.url;
            fetched.answer = signature.answer;
            co_return fetched;
        }
    }
    files.text = std::move(file.text);
    fetched.release = co_await library.read(std::move(files));
    co_return fetched;
}

}  // namespace prober
