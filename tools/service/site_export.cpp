#include "tools/service/site_export.hpp"

#include "tools/service/compression.hpp"
#include "tools/service/request_target.hpp"
#include "tools/service/router.hpp"
#include "tools/service/site_links.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <utility>

namespace service {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t log_bytes_max = 64U << 20U;

/// All other pages change something, or are for some alone.
constexpr std::array<std::string_view, 8> page_patterns = {
    "/",
    "/help",
    "/mirror/{name}",
    "/mirror/{name}/log/{probe}",
    "/{distribution}",
    "/{distribution}/mirrors",
    "/{distribution}/countries",
    "/{distribution}/disabled",
};

class Export {
public:
    Export(const World& world, model::Store& store, const std::string& public_url,
           const std::function<void(const SiteFile&)>& write)
        : world_{world}, store_{store}, public_url_{public_url}, write_{write} {}

    void run() {
        add_sources();
        while (!waiting_.empty()) {
            const std::string target = waiting_.back();
            waiting_.pop_back();
            make(target);
        }
    }

private:
    /// What no page leads to.
    void add_sources() {
        for (const char* const path :
             {"/", "/help", "/api/v1/openapi.json", "/api/v1/distributions", "/api/v1/mirrors",
              "/api/v1/events", "/feeds/all.atom"}) {
            add(path);
        }
        std::set<std::string> countries;
        for (const model::Distribution& distribution : world_.distributions) {
            add_lists("/" + distribution.name);
            add("/api/v1/distributions/" + distribution.name);
            add("/feeds/distribution/" + distribution.name + ".atom");
        }
        if (world_.distributions.size() == 1) {
            add_lists("");
        }
        for (const auto& facts : world_.mirrors) {
            const auto& mirror = facts->mirror.mirror;
            add("/mirror/" + mirror.name);
            for (const char* const part : {"", "/history", "/events", "/probes"}) {
                add("/api/v1/mirrors/" + mirror.name + part);
            }
            add("/feeds/mirror/" + mirror.name + ".atom");
            add("/badge/" + mirror.name + ".svg");
            if (!mirror.country.empty()) {
                add("/" + mirror.distribution + "/mirrors/" + mirror.country + ".txt");
                countries.insert(mirror.country);
            }
        }
        for (const std::string& country : countries) {
            add("/feeds/country/" + country + ".atom");
            if (world_.distributions.size() == 1) {
                add("/mirrors/" + country + ".txt");
            }
        }
    }

    void add_lists(const std::string& place) {
        for (const char* const list :
             {"/mirrors.txt", "/mirrors.csv", "/mirrorlist", "/mirrors/status/json",
              "/mirmon.state", "/Mirrors.masterlist"}) {
            add(place + list);
        }
    }

    void add(const std::string& target) {
        if (known_.insert(target).second) {
            waiting_.push_back(target);
        }
    }

    Request request_of(const RequestTarget& parsed) const {
        Request request;
        request.method = "GET";
        request.path = parsed.path;
        request.query = parsed.query;
        request.origin = public_url_;
        request.is_exported = true;
        return request;
    }

    /// The file that a target becomes; empty: none.
    std::optional<std::string> file_of(const std::string& target) const {
        const auto parsed = parse_target(target, "");
        if (parsed.has_error()) {
            return std::nullopt;
        }
        const RouteMatch match = find_route(routes_, "GET", parsed->path);
        if (match.route == nullptr) {
            return std::nullopt;
        }
        const std::string_view pattern = match.route->pattern;
        if (pattern.find("/log") != std::string_view::npos && !is_newest(match)) {
            return std::nullopt;
        }
        if (std::ranges::find(page_patterns, pattern) != page_patterns.end()) {
            return page_file_name(parsed->path, parsed->query);
        }
        constexpr std::array<std::string_view, 4> places = {"/api/v1/", "/assets/", "/feeds/",
                                                            "/badge/"};
        constexpr std::array<std::string_view, 7> lists = {
            "/mirrors.txt", "/mirrors.csv",  "/{country}.txt",     "/mirrorlist",
            "/status/json", "/mirmon.state", "/Mirrors.masterlist"};
        const auto begins = [&](std::string_view place) { return pattern.starts_with(place); };
        const auto ends = [&](std::string_view list) { return pattern.ends_with(list); };
        const bool is_data =
            std::ranges::any_of(lists, ends) || std::ranges::any_of(places, begins);
        return is_data && parsed->query.empty() ? std::optional{data_file_name(parsed->path)}
                                                : std::nullopt;
    }

    bool is_newest(const RouteMatch& match) const {
        std::string name;
        std::string probe;
        for (const auto& [key, value] : match.captures) {
            (key == "name" ? name : probe) = value;
        }
        const auto* const facts = find_mirror(world_, name);
        return facts != nullptr && facts->last_probe &&
               std::to_string(model::to_integer(facts->last_probe->id)) == probe;
    }

    Response answer(const std::string& target) const {
        const auto parsed = parse_target(target, "");
        Request request = request_of(*parsed);
        const RouteMatch match = find_route(routes_, "GET", request.path);
        request.captures = match.captures;
        Response response = match.route->read
                                ? match.route->read(request, world_, world_.read_at)
                                : match.route->store(request, world_, store_, world_.read_at);
        if (response.status != 200) {
            throw std::runtime_error(fmt::format("{} cannot be exported: it answers {}: {}", target,
                                                 response.status, response.body));
        }
        if (response.is_gzipped) {
            auto plain = gunzip(response.body, log_bytes_max);
            if (!plain) {
                throw std::runtime_error(target + " cannot be exported: it is damaged");
            }
            response.body = std::move(*plain);
        }
        return response;
    }

    /// All of a list that the API gives page by page.
    std::string whole_list(const std::string& path, const char* key) const {
        Json whole;
        std::string cursor;
        do {
            const Response response = answer(
                fmt::format("{}?limit=1000{}", path, cursor.empty() ? "" : "&cursor=" + cursor));
            Json page = Json::parse(response.body);
            cursor = page.value("next_cursor", Json()).is_string()
                         ? page["next_cursor"].get<std::string>()
                         : "";
            page["next_cursor"] = nullptr;
            if (whole.is_null()) {
                whole = std::move(page);
            } else {
                std::ranges::move(page[key], std::back_inserter(whole[key]));
            }
        } while (!cursor.empty());
        return whole.dump(-1, ' ', false, Json::error_handler_t::replace);
    }

    void make(const std::string& target) {
        const auto file = file_of(target);
        if (!file || !written_.insert(*file).second) {
            return;
        }
        if (target == "/api/v1/mirrors" || target == "/api/v1/events") {
            write_(
                {*file, whole_list(target, target.c_str() + std::string_view{"/api/v1/"}.size())});
            return;
        }
        Response response = answer(target);
        if (response.content_type.starts_with("text/html")) {
            response.body = relinked(response.body,
                                     [&](const std::string& link) { return follow(*file, link); });
        }
        write_({*file, std::move(response.body)});
    }

    std::optional<std::string> follow(const std::string& from, const std::string& link) {
        const auto hash = link.find('#');
        const std::string target = link.substr(0, hash);
        const auto file = file_of(target);
        if (!file) {
            return std::nullopt;
        }
        add(target);
        return relative_link(from, *file) + (hash == std::string::npos ? "" : link.substr(hash));
    }

    const World& world_;
    model::Store& store_;
    const std::string& public_url_;
    const std::function<void(const SiteFile&)>& write_;
    const std::vector<Route> routes_ = all_routes();
    std::vector<std::string> waiting_;
    std::set<std::string> known_;
    std::set<std::string> written_;
};

}  // namespace

void export_site(const World& world, model::Store& store, const std::string& public_url,
                 const std::function<void(const SiteFile&)>& write) {
    Export{world, store, public_url, write}.run();
}

}  // namespace service
