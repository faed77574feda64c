#include "tools/mirrorwarden/archive_add.hpp"

#include "model/archive_catalog.hpp"
#include "model/mirror_url.hpp"
#include "model/text_rules.hpp"
#include "prober/fetch_release.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace mirrorwarden {
namespace {

std::string normal_url(const std::string& text) {
    std::string_view scheme = "http";
    if (text.starts_with("https:")) {
        scheme = "https";
    } else if (text.starts_with("ftp:")) {
        scheme = "ftp";
    }
    auto url = model::normalise_base_url(scheme, text);
    if (url.has_error()) {
        throw InputError(fmt::format("URL: {}", url.error()));
    }
    return std::move(*url);
}

std::string absolute_keyring(const std::string& path) {
    if (path.empty()) {
        return {};
    }
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
        throw InputError(fmt::format("--signed-by: cannot read the keyring {}: {}", path,
                                     error ? error.message() : "it is no file"));
    }
    return std::filesystem::absolute(path).lexically_normal().string();
}

void check_suites(const std::vector<std::string>& suites) {
    for (const auto& suite : suites) {
        if (!model::is_archive_word(suite)) {
            throw InputError(fmt::format("--suite: {} is no suite, which is a folder below dists/",
                                         model::in_quotes(suite)));
        }
        if (std::count(suites.begin(), suites.end(), suite) > 1) {
            throw InputError(fmt::format("--suite: {} is given twice", model::in_quotes(suite)));
        }
    }
}

boost::asio::awaitable<prober::ReleaseAnswer> ask_release(prober::HttpClient& client,
                                                          prober::ReleaseQuestion question) {
    const auto lane = co_await client.open_lane(question.suite_url, 1);
    auto answer =
        co_await prober::fetch_release(*lane, std::move(question), refresh_limits().release);
    co_return answer;
}

class ArchiveReader {
public:
    ArchiveReader(const NewArchive& archive, ArchiveClient& client)
        : archive_{archive},
          client_{client},
          url_{normal_url(archive.url)},
          keyring_{absolute_keyring(archive.keyring)} {}

    model::Distribution read();

private:
    prober::ReleaseAnswer ask(const std::string& suite);
    model::ArchiveSuite read_suite(const std::string& suite);

    const NewArchive& archive_;
    ArchiveClient& client_;
    std::string url_;
    std::string keyring_;
};

prober::ReleaseAnswer ArchiveReader::ask(const std::string& suite) {
    prober::ReleaseQuestion question;
    question.suite_url = model::join_url(url_, fmt::format("dists/{}/", suite));
    question.keyring = keyring_;
    question.trust = keyring_.empty() ? prober::Trust::anybody : prober::Trust::signed_only;
    return client_.ask(ask_release(client_.http(), std::move(question)));
}

model::ArchiveSuite ArchiveReader::read_suite(const std::string& suite) {
    auto answer = ask(suite);
    const auto refuse = [&](const model::RefreshFault& fault) {
        throw std::runtime_error(
            fmt::format("the suite {} of {} cannot be taken in: {}. Nothing "
                        "was changed",
                        suite, url_, fault.what));
    };
    if (answer.fault) {
        refuse(*answer.fault);
    }
    auto& release = answer.verified->release;
    if (const auto fault = model::judge_release(release, {suite, std::nullopt, now()})) {
        refuse(*fault);
    }
    // "stable" moves from series to series. The codename stays, where the archive has it, too.
    const auto& codename = release.codename;
    if (codename != suite && model::is_archive_word(codename)) {
        const auto by_codename = ask(codename);
        if (by_codename.verified &&
            by_codename.verified->text_sha256 == answer.verified->text_sha256) {
            return {codename, std::move(release)};
        }
    }
    return {suite, std::move(release)};
}

model::Distribution ArchiveReader::read() {
    check_suites(archive_.suites);
    std::vector<model::ArchiveSuite> suites;
    for (const auto& name : archive_.suites) {
        auto suite = read_suite(name);
        const bool is_double = std::any_of(
            suites.begin(), suites.end(),
            [&](const model::ArchiveSuite& known) { return known.suite == suite.suite; });
        if (is_double) {
            throw InputError(fmt::format("--suite: {} is {}, which is given as well",
                                         model::in_quotes(name), suite.suite));
        }
        if (suite.release.components.empty() || suite.release.architectures.empty()) {
            throw std::runtime_error(fmt::format(
                "the Release of the suite {} of {} names no {}, so nothing is known of its "
                "indexes; describe it in a catalogue, and load that",
                name, url_, suite.release.components.empty() ? "components" : "architectures"));
        }
        suites.push_back(std::move(suite));
    }
    auto selected = model::select_words(model::distribution_of(suites), archive_.wanted);
    if (selected.has_error()) {
        throw InputError(fmt::format("{}. Nothing was changed", selected.error()));
    }
    auto distribution = std::move(*selected);
    distribution.name =
        archive_.name.empty() ? model::default_distribution_name(suites, url_) : archive_.name;
    if (!archive_.title.empty()) {
        distribution.title = archive_.title;
    } else if (distribution.title.empty()) {
        distribution.title = distribution.name;
    }
    distribution.primary_url = url_;
    distribution.keyring = keyring_;
    return distribution;
}

}  // namespace

model::Distribution read_archive(const NewArchive& archive, ArchiveClient& client) {
    return ArchiveReader(archive, client).read();
}

}  // namespace mirrorwarden
