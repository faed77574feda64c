#include "prober/curl_rsync.hpp"

#include "prober/rsync_check.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <cstddef>
#include <utility>

namespace prober {
namespace {

constexpr std::size_t said_bytes_max = 256UL * 1024;  // hundreds of modules

/// Ends with the core.
class Conversation {
public:
    explicit Conversation(CurlCore& core) : core_{core} { core_.conversations.insert(&signal_); }
    ~Conversation() { core_.conversations.erase(&signal_); }
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;

    asio::cancellation_slot slot() { return signal_.slot(); }

private:
    CurlCore& core_;
    asio::cancellation_signal signal_;
};

}  // namespace

asio::awaitable<model::RsyncFacts> greet_rsync_of(CurlCore& core, std::string url) {
    model::RsyncFacts facts;
    facts.url = url;
    if (!core.is_lookup_ours) {
        facts.outcome = {model::OutcomeKind::skipped};
        co_return facts;
    }
    const RsyncLimits limits{.timeout = core.limits.timeout, .bytes_max = said_bytes_max};
    auto resolver =
        core.settings.resolver ? core.settings.resolver : NameLookup::Resolver(resolve_with_system);
    Conversation conversation(core);
    auto question = check_rsync(std::move(url), limits, std::move(resolver));
    auto until_the_end = asio::bind_cancellation_slot(conversation.slot(), asio::use_awaitable);
    if (!core.is_cancelled) {
        try {
            facts = co_await asio::co_spawn(core.executor, std::move(question),
                                            std::move(until_the_end));
        } catch (const boost::system::system_error&) {
            if (!core.is_cancelled) {
                throw;
            }
        }
    }
    if (core.is_cancelled) {
        facts.outcome = {model::OutcomeKind::cancelled};
    }
    co_return facts;
}

}  // namespace prober
