#include "tools/mirrorwarden/expected_images.hpp"

#include "model/checksum_file.hpp"
#include "model/mirror_url.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/fetch_text.hpp"
#include "tools/mirrorwarden/read_file.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <exception>
#include <stdexcept>
#include <utility>

namespace mirrorwarden {
namespace {

namespace asio = boost::asio;

constexpr std::uint64_t manifest_bytes_max = 16UL * 1024 * 1024;
constexpr std::uint64_t sums_bytes_max = 1024UL * 1024;

bool is_url(std::string_view manifest) {
    return manifest.find("://") != std::string_view::npos;
}

class ImageReader {
public:
    ImageReader(model::Distribution distribution, const MakeClient& make_client)
        : make_client_{make_client} {
        expectation_.distribution = std::move(distribution);
    }

    ImageExpectation run() {
        asio::io_context context(1);
        std::exception_ptr failure;
        asio::co_spawn(context, read(context.get_executor()),
                       [&failure](std::exception_ptr error) { failure = std::move(error); });
        context.run();
        if (failure) {
            std::rethrow_exception(failure);
        }
        return std::move(expectation_);
    }

private:
    const std::string& manifest() const { return expectation_.distribution.manifest; }

    asio::awaitable<void> read(asio::any_io_executor executor) {
        const auto client = make_client_(executor);
        const auto text = co_await read_manifest(*client);
        use(text);
        for (const auto& folder : model::image_folders(expectation_.distribution)) {
            co_await read_sums(*client, folder);
        }
    }

    asio::awaitable<std::string> read_manifest(prober::HttpClient& client) {
        if (!is_url(manifest())) {
            co_return read_manifest_file();
        }
        auto body = co_await fetch_text(client, manifest(), manifest_bytes_max);
        if (!body.is_whole()) {
            refuse(fmt::format("cannot read {}: {}", manifest(), describe_fault(body)));
        }
        co_return std::move(body.text);
    }

    /// What is wrong is no fault of the command's line, which `InputError` would say.
    std::string read_manifest_file() const {
        try {
            return read_file(manifest(), manifest_bytes_max);
        } catch (const InputError& error) {
            refuse(error.what());
        }
    }

    void use(const std::string& text) {
        const auto files = model::parse_image_manifest(text);
        if (files.has_error()) {
            refuse(format_file_errors(manifest(), files.error()));
        }
        const auto unknown = model::expect_images(expectation_.distribution, *files);
        if (!unknown.empty()) {
            expectation_.warnings.push_back(
                fmt::format("{} names images of {}, which {} has not: nobody is asked for them.",
                            manifest(), fmt::join(unknown, ", "), expectation_.distribution.name));
        }
    }

    asio::awaitable<void> read_sums(prober::HttpClient& client, std::string folder) {
        std::vector<std::string> bases;
        if (is_url(manifest())) {
            bases.push_back(manifest().substr(0, manifest().rfind('/') + 1));
        }
        if (!expectation_.distribution.primary_url.empty()) {
            bases.push_back(expectation_.distribution.primary_url);
        }
        for (const auto& base : bases) {
            const auto url = model::join_url(base, folder + std::string(model::checksum_file_name));
            const auto body = co_await fetch_text(client, url, sums_bytes_max);
            if (!model::is_gone(body.answer.outcome)) {
                keep_sums(folder, url, body);
                co_return;
            }
        }
    }

    void keep_sums(const std::string& folder, const std::string& url, const FetchedText& body) {
        const auto sums = model::parse_checksums(body.text);
        if (!body.is_whole() || sums.has_error()) {
            expectation_.warnings.push_back(fmt::format(
                "The checksums of mirrors are not compared with {}: {}.", url,
                body.is_whole() ? fmt::format("line {}: {}", sums.error().line, sums.error().what)
                                : describe_fault(body)));
            return;
        }
        expectation_.sums.push_back({folder, *sums});
    }

    [[noreturn]] void refuse(const std::string& why) const {
        throw std::runtime_error(
            fmt::format("no RELEASE mirror is probed, because the manifest of {} cannot be used: "
                        "{}",
                        expectation_.distribution.name, why));
    }

    const MakeClient& make_client_;
    ImageExpectation expectation_;
};

}  // namespace

ImageExpectation read_expected_images(model::Distribution distribution,
                                      const MakeClient& make_client) {
    if (distribution.manifest.empty()) {
        return {std::move(distribution), {}, {}};
    }
    return ImageReader(std::move(distribution), make_client).run();
}

}  // namespace mirrorwarden
