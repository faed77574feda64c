#include "prober/testing/run.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>

namespace prober::testing {

void run_to_end(boost::asio::io_context& context, boost::asio::awaitable<void> coroutine) {
    std::exception_ptr error;
    boost::asio::co_spawn(context, std::move(coroutine),
                          [&error](std::exception_ptr failure) { error = failure; });
    context.restart();
    context.run();
    if (error) {
        std::rethrow_exception(error);
    }
}

void run_until_ended(boost::asio::io_context& context, boost::asio::awaitable<void> coroutine) {
    std::exception_ptr error;
    boost::asio::co_spawn(context, std::move(coroutine), [&](std::exception_ptr failure) {
        error = failure;
        context.stop();
    });
    context.restart();
    context.run();
    if (error) {
        std::rethrow_exception(error);
    }
}

}  // namespace prober::testing
