#pragma once

#include "model/catalog.hpp"

#include <boost/system/result.hpp>

#include <optional>
#include <string>
#include <vector>

namespace service {

/// What somebody says about a mirror, under the catalogue's names. Empty: not said.
struct MirrorFields {
    std::optional<std::string> display_name;
    std::optional<std::string> description;
    std::vector<std::string> owners;  // each "Name <address>"; given, they replace all
    std::optional<std::string> country;
    std::optional<model::Speed> speed;
    std::optional<model::Content> content;
    std::optional<std::string> http_url;  // given but empty: the mirror has none any more
    std::optional<std::string> https_url;
    std::optional<std::string> ftp_url;
    std::optional<std::string> rsync_url;
    std::optional<bool> official_candidate;
    std::optional<std::string> whiteboard;

    friend bool operator==(const MirrorFields&, const MirrorFields&) = default;
};

/// What is wrong with one of them.
struct FieldFault {
    std::string field;  // "http_url"
    std::string text;
    bool is_missing = false;  // `text` is a sentence then, else what follows "http_url: "
};

/// `mirror` with what `fields` says, checked and normalised as in a catalogue; else every
/// fault.
boost::system::result<model::Mirror, std::vector<FieldFault>> apply_fields(model::Mirror mirror,
                                                                           const MirrorFields&);

/// What a mirror lacks that cannot be probed: an owner, a country, a URL that is http, https
/// or ftp.
std::vector<FieldFault> missing_fields(const model::Mirror&);

/// All speeds, the slowest first.
const std::vector<model::Speed>& all_speeds();
const std::vector<model::ReviewStatus>& all_review_statuses();

}  // namespace service
