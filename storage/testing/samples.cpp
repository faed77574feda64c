#include "storage/testing/samples.hpp"

#include <stdexcept>

namespace storage::testing {

using namespace std::chrono_literals;
using model::Bucket;
using model::Mirror;
using model::Pocket;

const model::Timestamp new_year{1'767'225'600s};
const model::Author foo{.who = "foo", .when = new_year, .why = ""};

model::Distribution ubuntu() {
    model::Distribution distribution;
    distribution.name = "ubuntu";
    distribution.title = "Ubuntu";
    distribution.primary_url = "http://archive.example/ubuntu/";
    distribution.pockets = {model::all_pockets.begin(), model::all_pockets.end()};
    distribution.admins = {{"Mirror Admin", "admin@example.com"}};
    const auto add = [&](const char* name, const char* version, std::vector<std::string> components,
                         std::vector<std::string> architectures) {
        model::Series series;
        series.name = name;
        series.version = version;
        series.components = std::move(components);
        series.architectures = std::move(architectures);
        distribution.series.push_back(std::move(series));
    };
    add("breezy-autotest", "6.6.6", {"main", "restricted", "universe", "multiverse"}, {"i386"});
    add("grumpy", "5.10", {}, {});
    add("hoary", "5.04", {"main", "restricted"}, {"i386"});
    add("warty", "4.10", {"main", "universe"}, {"i386"});
    return distribution;
}

std::vector<Mirror> acceptance_mirrors() {
    const auto make = [](const char* name, const char* url, model::Content content) {
        Mirror mirror;
        mirror.name = name;
        mirror.distribution = "ubuntu";
        mirror.owners = {{"Foo Bar", "foo.bar@canonical.com"}};
        mirror.country = "IO";
        mirror.content = content;
        mirror.http_url = url;
        return mirror;
    };
    std::vector<Mirror> all = {
        make("valid-mirror", "http://localhost:11375/valid-mirror/", model::Content::archive),
        make("invalid-mirror", "http://localhost:11375/invalid-mirror/", model::Content::release),
        make("unreachable-mirror", "http://localhost:11375/timeout/", model::Content::release),
        make("archive-404-mirror", "http://localhost:11375/archive-mirror/",
             model::Content::archive)};
    all[0].country = "AF";
    all[0].official_candidate = true;
    all[0].status = model::ReviewStatus::official;
    return all;
}

model::Catalog acceptance_catalog() {
    model::Catalog catalog;
    catalog.distributions = {ubuntu()};
    for (Mirror& mirror : acceptance_mirrors()) {
        catalog.mirrors.push_back({.mirror = std::move(mirror), .enabled = {}, .line = 1});
    }
    return catalog;
}

Mirror foobarmirror() {
    Mirror mirror;
    mirror.name = "foobarmirror";
    mirror.display_name = "Foobar";
    mirror.distribution = "ubuntu";
    mirror.owners = {{"Foo Bar", "foo.bar@canonical.com"}};
    mirror.country = "BR";
    mirror.speed = model::Speed::s2m;
    mirror.http_url = "http://foo.bar.com/pub/";
    return mirror;
}

Bucket warty_i386() {
    return {
        .series = "warty", .pocket = Pocket::release, .component = "main", .architecture = "i386"};
}

Bucket warty_source() {
    Bucket bucket = warty_i386();
    bucket.architecture = model::source_architecture;
    return bucket;
}

model::Message message(const std::string& message_id) {
    return {.to = {.name = "Foo Bar", .address = "foo.bar@canonical.com"},
            .subject = "Your mirror",
            .body = "It is empty.\n",
            .mirror = "foobarmirror",
            .message_id = message_id};
}

model::ProbeResult probe_result(model::MirrorId mirror, model::Timestamp started,
                                std::vector<model::ContentRow> rows) {
    model::ProbeResult result;
    result.mirror = mirror;
    result.record.started = started;
    result.record.finished = started + 5s;
    result.record.requests = 7;
    result.record.expected = 6;
    result.record.found = static_cast<std::uint32_t>(rows.size());
    result.record.outcomes = {{"ok", 6}, {"http-status 404", 1}};
    result.rows = std::move(rows);
    result.log_gz = std::string{"\x1f\x8b\0log", 6};
    return result;
}

std::vector<std::string> names(const std::vector<model::StoredMirror>& mirrors) {
    std::vector<std::string> all;
    all.reserve(mirrors.size());
    for (const auto& stored : mirrors) {
        all.push_back(stored.mirror.name);
    }
    return all;
}

void load(model::Store& store, const model::Catalog& catalog) {
    const auto loaded = store.load_catalog(catalog, foo);
    if (loaded.has_error()) {
        throw std::runtime_error("the sample catalogue was refused: " + loaded.error().detail);
    }
}

}  // namespace storage::testing
