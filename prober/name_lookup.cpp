#include "prober/name_lookup.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <netdb.h>

#include <array>
#include <cerrno>
#include <mutex>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <utility>

namespace prober {

using boost::system::error_code;
using model::OutcomeKind;

/// A thread cannot be called back from getaddrinfo, so it may end after the
/// loop has gone: it finds the executor here, or nothing.
struct NameLookup::Mailbox {
    std::mutex mutex;
    std::optional<asio::any_io_executor> executor;
};

NameLookup::Name::Name(const asio::any_io_executor& executor, std::string name)
    : text{std::move(name)},
      answered{executor, asio::steady_timer::time_point::max()},
      deadline{executor} {}

NameLookup::NameLookup(asio::any_io_executor executor, Limits limits, Resolver resolver)
    : executor_{std::move(executor)},
      limits_{limits},
      resolver_{std::move(resolver)},
      mailbox_{std::make_shared<Mailbox>()} {
    mailbox_->executor = executor_;
}

NameLookup::~NameLookup() {
    const std::lock_guard lock(mailbox_->mutex);
    mailbox_->executor.reset();
}

asio::awaitable<NameAnswer> NameLookup::look_up(std::string text) {
    auto& known = names_[text];
    if (!known) {
        known = std::make_shared<Name>(executor_, std::move(text));
        queue_.push_back(known);
        start_next();
    }
    const auto name = known;
    if (is_cancelled_ && !name->is_answered) {
        settle(*name, {.addresses = {}, .failure = OutcomeKind::cancelled, .detail = {}});
    }
    while (!name->is_answered) {
        error_code ec;
        co_await name->answered.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    }
    co_return name->answer;
}

void NameLookup::cancel() {
    is_cancelled_ = true;
    queue_.clear();
    for (const auto& [text, name] : names_) {
        if (!name->is_answered) {
            settle(*name, {.addresses = {}, .failure = OutcomeKind::cancelled, .detail = {}});
        }
    }
}

void NameLookup::start_next() {
    while (running_ < limits_.lookups_max && !queue_.empty()) {
        const auto name = std::move(queue_.front());
        queue_.pop_front();
        start(name);
    }
}

void NameLookup::start(const std::shared_ptr<Name>& name) {
    // The thread may end after the loop has gone, so it holds nothing of the loop's.
    auto ask = [this, mailbox = mailbox_, resolver = resolver_, text = name->text] {
        auto answer = resolver(text);
        const std::lock_guard lock(mailbox->mutex);
        if (!mailbox->executor) {
            return;
        }
        asio::post(*mailbox->executor, [this, mailbox, text, answer = std::move(answer)]() mutable {
            if (mailbox->executor) {
                finish(text, std::move(answer));
            }
        });
    };
    try {
        std::thread(std::move(ask)).detach();
    } catch (const std::system_error& error) {
        settle(*name, {.addresses = {},
                       .failure = OutcomeKind::prober_trouble,
                       .detail = fmt::format("start a thread to look up {}: {}", name->text,
                                             error.what())});
        return;
    }
    ++running_;
    name->deadline.expires_after(limits_.timeout);
    name->deadline.async_wait([name, limit = limits_.timeout](error_code ec) {
        if (!ec && !name->is_answered) {
            settle(*name, {.addresses = {},
                           .failure = OutcomeKind::name_not_resolved,
                           .detail = fmt::format("no answer about {} within {} ms", name->text,
                                                 limit.count())});
        }
    });
}

void NameLookup::finish(const std::string& text, NameAnswer answer) {
    --running_;
    if (auto& name = *names_.at(text); !name.is_answered) {
        settle(name, std::move(answer));
    }
    start_next();
}

void NameLookup::settle(Name& name, NameAnswer answer) {
    name.answer = std::move(answer);
    name.is_answered = true;
    name.deadline.cancel();
    name.answered.cancel();
}

NameAnswer resolve_with_system(const std::string& name) {
    NameAnswer answer;
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;  // no IPv6 addresses where there is no IPv6
    addrinfo* found = nullptr;
    const int code = getaddrinfo(name.c_str(), nullptr, &hints, &found);
    const int system_error = errno;
    const std::unique_ptr<addrinfo, decltype([](addrinfo* list) { freeaddrinfo(list); })> owner(
        found);
    if (code != 0) {
        const bool is_ours =
            code == EAI_MEMORY ||
            (code == EAI_SYSTEM && (system_error == EMFILE || system_error == ENFILE));
        answer.failure = is_ours ? OutcomeKind::prober_trouble : OutcomeKind::name_not_resolved;
        answer.detail = fmt::format("look up {}: {}", name, gai_strerror(code));
        return answer;
    }
    for (const auto* entry = found; entry != nullptr; entry = entry->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (getnameinfo(entry->ai_addr, entry->ai_addrlen, text.data(), text.size(), nullptr, 0,
                        NI_NUMERICHOST) == 0) {
            answer.addresses.emplace_back(text.data());
        }
    }
    if (answer.addresses.empty()) {
        answer.failure = OutcomeKind::name_not_resolved;
        answer.detail = fmt::format("look up {}: it has no address", name);
    }
    return answer;
}

}  // namespace prober
