#include "prober/release_library.hpp"

#include "model/clear_signed.hpp"
#include "prober/sha256_hasher.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace prober {

namespace asio = boost::asio;

struct ReleaseLibrary::Book {
    explicit Book(const asio::any_io_executor& executor) {
        news.emplace(executor, asio::steady_timer::time_point::max());
    }

    /// Never fires: its end says that it was read, or will not be. Gone by then, because a
    /// library may outlive the loop.
    std::optional<asio::steady_timer> news;
    std::shared_ptr<const ReadRelease> release;
    bool is_abandoned = false;  // its reader failed: somebody else may try
};

namespace {

/// Ends the wait for a book, however its reader ends.
template <class Book>
class Reading {
public:
    explicit Reading(std::shared_ptr<Book> book) : book_{std::move(book)} {}
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
    ~Reading() {
        book_->is_abandoned = book_->release == nullptr;
        book_->news.reset();
    }

private:
    std::shared_ptr<Book> book_;
};

model::Sha256 key_of(const SignedFiles& files) {
    Sha256Hasher hasher;
    hasher.add(files.form == SignedFiles::Form::clear_signed ? "clear-signed\n" : "detached\n");
    const auto text = sha256_of(files.text);
    const auto signature = sha256_of(files.signature);
    for (const auto* part : {&text, &signature}) {
        hasher.add({reinterpret_cast<const char*>(part->bytes.data()), part->bytes.size()});
    }
    return hasher.finish();
}

}  // namespace

ReleaseLibrary::ReleaseLibrary(Options options) : options_{std::move(options)} {}
ReleaseLibrary::~ReleaseLibrary() = default;

asio::awaitable<std::shared_ptr<const ReadRelease>> ReleaseLibrary::read(SignedFiles files) {
    const auto executor = co_await asio::this_coro::executor;
    const auto key = key_of(files);
    for (;;) {
        const auto known = books_.find(key);
        if (known == books_.end()) {
            break;
        }
        const auto book = known->second;
        if (book->release) {
            co_return book->release;
        }
        boost::system::error_code woken;
        co_await book->news->async_wait(asio::redirect_error(asio::use_awaitable, woken));
        if (!book->release && !book->is_abandoned) {
            co_return nullptr;  // this coroutine itself was cancelled
        }
    }
    discard_unused();
    const auto book = std::make_shared<Book>(executor);
    books_.emplace(key, book);
    const Reading<Book> reading(book);
    try {
        auto release = co_await read_now(std::move(files));
        book->release = std::make_shared<const ReadRelease>(std::move(release));
    } catch (...) {
        books_.erase(key);
        throw;
    }
    co_return book->release;
}

asio::awaitable<ReadRelease> ReleaseLibrary::read_now(SignedFiles files) const {
    ReadRelease read;
    read.sha256 = sha256_of(files.text);
    std::string text;
    if (files.form == SignedFiles::Form::clear_signed) {
        auto signed_text = model::signed_text(files.text);
        if (signed_text.has_error()) {
            read.fault = signed_text.error();
        } else {
            text = std::move(*signed_text);
        }
    } else {
        text = model::as_signed_text(files.text);
    }
    if (!text.empty()) {
        read.text_sha256 = sha256_of(text);
        auto release = model::parse_release(text);
        if (release.has_error()) {
            read.fault = release.error();
        } else {
            read.release = std::move(*release);
            std::erase_if(read.release->entries, [this](const model::ReleaseEntry& entry) {
                return options_.wants && !options_.wants(entry.path);
            });
            read.release->entries.shrink_to_fit();
        }
    }
    if (files.form == SignedFiles::Form::detached && files.signature.empty()) {
        read.signature =
            model::SignatureVerdict{.kind = model::SignatureKind::no_signature, .fingerprints = {}};
    } else if (options_.verify) {
        read.signature = co_await options_.verify(std::move(files));
    }
    co_return read;
}

/// What somebody reads, or uses, has more than one owner.
void ReleaseLibrary::discard_unused() {
    const auto is_unused = [](const auto& book) {
        return book.second->release && book.second->release.use_count() == 1;
    };
    const auto unused =
        static_cast<std::size_t>(std::count_if(books_.begin(), books_.end(), is_unused));
    if (unused > options_.unused_max) {
        std::erase_if(books_, is_unused);
    }
}

}  // namespace prober
