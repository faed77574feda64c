#include "tools/mirrorwarden/archive_show.hpp"

#include "model/archive_index.hpp"
#include "model/json_parts.hpp"
#include "tools/json/mirror_json.hpp"
#include "tools/mirrorwarden/table.hpp"

#include <fmt/format.h>

#include <utility>

namespace mirrorwarden {
namespace {

using model::json_parts::Json;
using model::json_parts::text_or_null;
using model::json_parts::time_or_null;

std::string time_or(const std::optional<model::Timestamp>& time, const char* otherwise) {
    return time ? model::format_timestamp(*time) : otherwise;
}

Json suite_json(const KnownSuite& suite) {
    Json json = {{"suite", suite.suite},
                 {"date", nullptr},
                 {"valid_until", nullptr},
                 {"first_seen", nullptr},
                 {"sha256", nullptr},
                 {"snapshots", suite.snapshots},
                 {"checked", time_or_null(suite.checked)}};
    if (suite.newest) {
        json["date"] = model::format_timestamp(suite.newest->date);
        json["valid_until"] = time_or_null(suite.newest->valid_until);
        json["first_seen"] = model::format_timestamp(suite.newest->first_seen);
        json["sha256"] = to_string(suite.newest->sha256);
    }
    return json;
}

}  // namespace

std::vector<KnownArchive> known_archives(model::Store& store,
                                         const std::vector<model::Distribution>& distributions) {
    std::vector<KnownArchive> archives;
    for (const auto& distribution : distributions) {
        KnownArchive archive;
        archive.distribution = distribution.name;
        archive.primary_url = distribution.primary_url;
        archive.keyring = distribution.keyring;
        for (const auto& suite : model::suites_of(distribution)) {
            KnownSuite known;
            known.suite = suite.suite;
            auto snapshots = store.snapshots(distribution.name, suite.suite);
            known.snapshots = snapshots.size();
            if (!snapshots.empty()) {
                known.newest = std::move(snapshots.front());
            }
            if (const auto validators = store.validators(distribution.name, suite.suite)) {
                known.checked = validators->checked;
            }
            archive.suites.push_back(std::move(known));
        }
        archives.push_back(std::move(archive));
    }
    return archives;
}

std::string archives_text(const std::vector<KnownArchive>& archives, const Screen& screen) {
    Table table;
    table.columns = {{"DISTRIBUTION"},
                     {"SUITE"},
                     {"DATE"},
                     {"VALID UNTIL", Alignment::left, false, 2},
                     {"FIRST SEEN", Alignment::left, false, 1},
                     {"LAST ASKED"},
                     {"SNAPSHOTS", Alignment::right, false, 3}};
    for (const auto& archive : archives) {
        for (const auto& suite : archive.suites) {
            const auto& newest = suite.newest;
            table.rows.push_back({{archive.distribution},
                                  {suite.suite},
                                  newest ? Cell{model::format_timestamp(newest->date)}
                                         : Cell{"never read", Tone::faint},
                                  {newest ? time_or(newest->valid_until, "for ever") : ""},
                                  {newest ? model::format_timestamp(newest->first_seen) : ""},
                                  {time_or(suite.checked, "")},
                                  {fmt::format("{}", suite.snapshots)}});
        }
    }
    return render_table(table, screen);
}

std::string archives_json(const std::vector<KnownArchive>& archives) {
    Json distributions = Json::array();
    for (const auto& archive : archives) {
        Json suites = Json::array();
        for (const auto& suite : archive.suites) {
            suites.push_back(suite_json(suite));
        }
        distributions.push_back({{"name", archive.distribution},
                                 {"primary_url", text_or_null(archive.primary_url)},
                                 {"keyring", text_or_null(archive.keyring)},
                                 {"suites", std::move(suites)}});
    }
    return json::print_json({{"distributions", std::move(distributions)}});
}

}  // namespace mirrorwarden
