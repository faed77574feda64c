#include "prober/fetch_release.hpp"

#include "model/clear_signed.hpp"
#include "model/text_rules.hpp"
#include "prober/sha256_hasher.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <utility>

namespace prober {
namespace {

using model::RefreshFault;
using Kind = model::RefreshFaultKind;

RefreshFault to_fault(const GpgvFailure& failure) {
    return {failure.kind == GpgvFailure::Kind::keyring ? Kind::no_keyring : Kind::no_verifier,
            failure.what};
}

/// A body in memory, and how it came.
struct Text {
    GetAnswer answer;
    std::string body;
    bool was_asked_with_condition = false;

    bool is_there() const noexcept { return answer.outcome.is_ok(); }
    /// Whoever says so without having been asked knows of no earlier answer.
    bool is_unchanged() const noexcept {
        return was_asked_with_condition && answer.outcome.kind == model::OutcomeKind::http_status &&
               answer.outcome.status == 304;
    }
    bool is_gone() const noexcept { return model::is_gone(answer.outcome); }
};

std::string file_name(const std::string& url) {
    return url.substr(url.rfind('/') + 1);
}

/// Why a body cannot be used; empty: it can.
std::optional<RefreshFault> fault_of(const Text& text, const std::string& url,
                                     std::uint64_t bytes_max) {
    const auto& outcome = text.answer.outcome;
    if (outcome.kind == model::OutcomeKind::cancelled) {
        return RefreshFault{Kind::interrupted, "it was interrupted"};
    }
    if (!outcome.is_ok()) {
        return RefreshFault{Kind::no_answer, fmt::format("GET {}: {}: {}", url, to_string(outcome),
                                                         model::explain(outcome.kind))};
    }
    if (text.answer.is_cut) {
        return RefreshFault{Kind::too_large,
                            fmt::format("{} is larger than {} bytes", file_name(url), bytes_max)};
    }
    return std::nullopt;
}

/// A field may hold any bytes, and not every database can keep those: without it the next question
/// is asked without that condition.
std::string text_or_nothing(const std::string& field) {
    return model::is_plain_text(field, model::Lines::one) ? field : std::string();
}

class ReleaseFetch {
public:
    ReleaseFetch(Lane& lane, ReleaseQuestion question, ReleaseLimits limits)
        : lane_{lane}, question_{std::move(question)}, limits_{limits} {}

    asio::awaitable<ReleaseAnswer> run();

private:
    enum class Form { signed_inside, signed_apart };  // InRelease; Release and Release.gpg

    asio::awaitable<Text> get(std::string url, std::uint64_t bytes_max);
    asio::awaitable<bool> try_form(Form form);
    asio::awaitable<std::string> get_signature();
    asio::awaitable<void> verify(SignedFile file);
    void keep_validators(const std::string& url, const GetAnswer&);

    Lane& lane_;
    ReleaseQuestion question_;
    ReleaseLimits limits_;
    ReleaseAnswer answer_;
};

asio::awaitable<Text> ReleaseFetch::get(std::string url, std::uint64_t bytes_max) {
    Text text;
    GetRequest request;
    request.url = url;
    request.bytes_max = bytes_max;
    request.sink = [&text](std::string_view piece) {
        text.body += piece;
        return true;
    };
    if (question_.validators && question_.validators->url == url) {
        request.if_none_match = question_.validators->etag;
        request.if_modified_since = question_.validators->last_modified;
        text.was_asked_with_condition =
            !request.if_none_match.empty() || !request.if_modified_since.empty();
    }
    text.answer = co_await lane_.get(std::move(request));
    answer_.requests += text.answer.requests;
    answer_.bytes += text.answer.bytes;
    co_return text;
}

void ReleaseFetch::keep_validators(const std::string& url, const GetAnswer& answer) {
    answer_.validators.url = url;
    answer_.validators.etag = text_or_nothing(answer.etag);
    answer_.validators.last_modified = text_or_nothing(answer.last_modified);
}

asio::awaitable<void> ReleaseFetch::verify(SignedFile file) {
    auto verified = co_await verify_release(std::move(file), question_.trust, limits_.gpgv);
    if (verified.has_error()) {
        answer_.fault = verified.error();
    } else {
        answer_.verified = std::move(*verified);
    }
}

/// False where there is none, so that the other form may be tried.
asio::awaitable<bool> ReleaseFetch::try_form(Form form) {
    const auto url = question_.suite_url + (form == Form::signed_inside ? "InRelease" : "Release");
    auto text = co_await get(url, limits_.release_bytes_max);
    if (text.is_gone()) {
        co_return false;
    }
    if (text.is_unchanged()) {
        answer_.is_unchanged = true;
        answer_.validators = *question_.validators;
        co_return true;
    }
    // Where it is there and cannot be had, the other form would only hide that.
    answer_.fault = fault_of(text, url, limits_.release_bytes_max);
    if (answer_.fault) {
        co_return true;
    }
    keep_validators(url, text.answer);
    SignedFile file{question_.keyring, std::move(text.body), {}};
    if (form == Form::signed_apart && question_.trust == Trust::signed_only) {
        file.signature = co_await get_signature();
    }
    if (!answer_.fault) {
        co_await verify(std::move(file));
    }
    co_return true;
}

/// Empty where there is a fault.
asio::awaitable<std::string> ReleaseFetch::get_signature() {
    const auto url = question_.suite_url + "Release.gpg";
    auto signature = co_await get(url, limits_.signature_bytes_max);
    if (signature.is_gone() || (signature.is_there() && signature.body.empty())) {
        answer_.fault =
            RefreshFault{Kind::no_signature,
                         "there is neither InRelease nor Release.gpg: Release is not signed"};
    } else {
        answer_.fault = fault_of(signature, url, limits_.signature_bytes_max);
    }
    co_return answer_.fault ? std::string() : std::move(signature.body);
}

asio::awaitable<ReleaseAnswer> ReleaseFetch::run() {
    bool is_found = false;
    if (question_.validators && question_.validators->url == question_.suite_url + "Release") {
        is_found = co_await try_form(Form::signed_apart);
    }
    if (!is_found) {
        is_found = co_await try_form(Form::signed_inside);
    }
    if (!is_found) {
        is_found = co_await try_form(Form::signed_apart);
    }
    if (!is_found) {
        answer_.fault = RefreshFault{
            Kind::no_release,
            fmt::format("there is neither InRelease nor Release in {}", question_.suite_url)};
    }
    co_return std::move(answer_);
}

/// What is signed, apart from its signature; or why it is not to be trusted.
boost::system::result<std::string, RefreshFault> believed_text(const SignedFile& file,
                                                               const GpgvAnswer* answer) {
    const bool is_in_release = file.signature.empty();
    if (answer != nullptr) {
        const auto verdict = model::judge_signature(answer->status_lines);
        if (auto fault = model::judge_release_signature(
                verdict, is_in_release ? "InRelease" : "Release.gpg", file.keyring)) {
            return std::move(*fault);
        }
    }
    if (!is_in_release || (answer == nullptr && !file.text.starts_with("-----BEGIN PGP"))) {
        return model::as_signed_text(file.text);
    }
    auto text = model::signed_text(file.text);
    if (text.has_error()) {
        return RefreshFault{Kind::wrapped_text,
                            fmt::format("InRelease is more or less than one signed text: line {}: "
                                        "{}",
                                        text.error().line, text.error().what)};
    }
    if (answer != nullptr && model::as_signed_text(answer->signed_text) != *text) {
        return RefreshFault{Kind::wrapped_text,
                            "InRelease is understood differently by gpgv and by us: what is "
                            "signed is not what it shows"};
    }
    return std::move(*text);
}

}  // namespace

asio::awaitable<boost::system::result<VerifiedRelease, RefreshFault>> verify_release(
    SignedFile file, Trust trust, GpgvLimits limits) {
    std::optional<GpgvAnswer> answer;
    if (trust == Trust::signed_only) {
        auto verified = co_await run_gpgv(file, limits);
        if (verified.has_error()) {
            co_return to_fault(verified.error());
        }
        answer = std::move(*verified);
    }
    auto text = believed_text(file, answer ? &*answer : nullptr);
    if (text.has_error()) {
        co_return text.error();
    }
    auto release = model::parse_release(*text);
    if (release.has_error()) {
        co_return RefreshFault{Kind::unreadable,
                               fmt::format("it is no Release file: line {}: {}",
                                           release.error().line, release.error().what)};
    }
    if (!release->has_sha256) {
        co_return RefreshFault{Kind::unreadable,
                               "it names its indexes by SHA-512 alone; what is published is read "
                               "by SHA-256"};
    }
    VerifiedRelease verified;
    verified.release = std::move(*release);
    verified.sha256 = sha256_of(file.text);
    verified.text_sha256 = sha256_of(*text);
    co_return verified;
}

asio::awaitable<ReleaseAnswer> fetch_release(Lane& lane, ReleaseQuestion question,
                                             ReleaseLimits limits) {
    ReleaseFetch fetch(lane, std::move(question), limits);
    co_return co_await fetch.run();
}

}  // namespace prober
