// What libcurl does when nothing is built around it: one multi handle,
// curl_multi_poll, and for each host as many easy handles as it may have requests,
// each used again and again.
#include "tools/bench/url_list.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

struct EasyFreer {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct MultiFreer {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

struct Work {
    bench::HostUrls host;
    std::size_t next = 0;
};

struct Slot {
    std::unique_ptr<CURL, EasyFreer> easy;
    Work* work = nullptr;
};

struct Options {
    std::string list;
    std::string ca_bundle;
    std::size_t per_host = 2;
    bool new_connections = false;
};

class BareCurl {
public:
    explicit BareCurl(Options options) : options_(std::move(options)), multi_(curl_multi_init()) {
        for (auto& host : bench::read_url_list(options_.list)) {
            work_.push_back(std::make_unique<Work>(Work{.host = std::move(host), .next = 0}));
        }
        const auto slots = work_.size() * options_.per_host;
        curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(slots));
        slots_.reserve(slots);
        for (const auto& work : work_) {
            for (std::size_t i = 0; i < options_.per_host; ++i) {
                add_slot(*work);
            }
        }
    }

    bench::ClientCount run() {
        while (under_way_ > 0) {
            int running = 0;
            check(curl_multi_perform(multi_.get(), &running));
            take_finished();
            if (under_way_ > 0) {
                check(curl_multi_poll(multi_.get(), nullptr, 0, 1000, nullptr));
            }
        }
        slots_.clear();
        return count_;
    }

private:
    static void check(CURLMcode code) {
        if (code != CURLM_OK) {
            throw std::runtime_error(curl_multi_strerror(code));
        }
    }

    void add_slot(Work& work) {
        auto& slot = slots_.emplace_back(
            Slot{.easy = std::unique_ptr<CURL, EasyFreer>(curl_easy_init()), .work = &work});
        auto* easy = slot.easy.get();
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_PRIVATE, &slot);
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, 10L);
        curl_easy_setopt(easy, CURLOPT_TIMEOUT, 30L);
        if (options_.new_connections) {
            curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
            curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
        }
        if (!options_.ca_bundle.empty()) {
            curl_easy_setopt(easy, CURLOPT_CAINFO, options_.ca_bundle.c_str());
            curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
        }
        ask_next(slot);
    }

    void ask_next(Slot& slot) {
        if (slot.work->next == slot.work->host.urls.size()) {
            return;
        }
        const auto& url = slot.work->host.urls[slot.work->next++];
        curl_easy_setopt(slot.easy.get(), CURLOPT_URL, url.c_str());
        check(curl_multi_add_handle(multi_.get(), slot.easy.get()));
        ++under_way_;
    }

    void take_finished() {
        int left = 0;
        while (const auto* message = curl_multi_info_read(multi_.get(), &left)) {
            auto* easy = message->easy_handle;
            const bool transferred = message->data.result == CURLE_OK;
            long status = 0;
            Slot* slot = nullptr;
            curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
            curl_easy_getinfo(easy, CURLINFO_PRIVATE, &slot);
            ++(transferred && status == 200 ? count_.ok : count_.failed);
            check(curl_multi_remove_handle(multi_.get(), easy));
            --under_way_;
            ask_next(*slot);
        }
    }

    Options options_;
    std::unique_ptr<CURLM, MultiFreer> multi_;
    std::vector<std::unique_ptr<Work>> work_;
    std::vector<Slot> slots_;
    std::size_t under_way_ = 0;
    bench::ClientCount count_;
};

int ask_all(int argc, const char* const* argv) {
    Options options;
    CLI::App app("HEADs a list of URLs with libcurl and nothing else.");
    app.add_option("LIST", options.list, "a URL a line")->required();
    app.add_option("--per-host", options.per_host, "requests at once");
    app.add_option("--ca-bundle", options.ca_bundle, "PEM file");
    app.add_flag("--new-connections", options.new_connections, "one for each request");
    CLI11_PARSE(app, argc, argv);

    curl_global_init(CURL_GLOBAL_DEFAULT);
    bench::print(BareCurl(std::move(options)).run());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return ask_all(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench-bare-curl: {}\n", error.what());
        return 1;
    }
}
