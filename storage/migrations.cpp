#include "storage/schema.hpp"

#include <array>
#include <string_view>

namespace storage {
namespace {

// Words in double angle brackets stand for what `Dialect` calls them.
// Times are microseconds since 1970, UTC. Words of the field are stored by their
// value (model/vocabulary.hpp); `place` keeps the catalogue's order.
constexpr std::string_view first_schema = R"sql(
CREATE TABLE schema_version (
    application TEXT NOT NULL,
    version     INTEGER NOT NULL
) <<options>>;
INSERT INTO schema_version (application, version) VALUES ('mirrorwarden', 1);

CREATE TABLE distribution (
    id                      <<key>>,
    name                    TEXT NOT NULL UNIQUE,
    title                   TEXT NOT NULL,
    primary_url             TEXT NOT NULL,
    freshness_rule          INTEGER NOT NULL,
    failures_before_disable INTEGER NOT NULL
) <<options>>;

CREATE TABLE distribution_pocket (
    distribution INTEGER NOT NULL REFERENCES distribution (id),
    pocket       INTEGER NOT NULL,
    PRIMARY KEY (distribution, pocket)
) <<keyed>>;

CREATE TABLE distribution_admin (
    distribution INTEGER NOT NULL REFERENCES distribution (id),
    place        INTEGER NOT NULL,
    name         TEXT NOT NULL,
    address      TEXT NOT NULL,
    PRIMARY KEY (distribution, place)
) <<keyed>>;

CREATE TABLE series (
    id           <<key>>,
    distribution INTEGER NOT NULL REFERENCES distribution (id),
    name         TEXT NOT NULL,
    version      TEXT NOT NULL,
    status       INTEGER NOT NULL,
    UNIQUE (distribution, name)
) <<options>>;

CREATE TABLE series_component (
    series INTEGER NOT NULL REFERENCES series (id),
    place  INTEGER NOT NULL,
    name   TEXT NOT NULL,
    PRIMARY KEY (series, place)
) <<keyed>>;

CREATE TABLE series_architecture (
    series   INTEGER NOT NULL REFERENCES series (id),
    place    INTEGER NOT NULL,
    name     TEXT NOT NULL,
    official INTEGER NOT NULL,
    PRIMARY KEY (series, place)
) <<keyed>>;

-- A CD image set, and its files.
CREATE TABLE series_image (
    series  INTEGER NOT NULL REFERENCES series (id),
    place   INTEGER NOT NULL,
    flavour TEXT NOT NULL,
    PRIMARY KEY (series, place)
) <<keyed>>;

CREATE TABLE series_image_file (
    series      INTEGER NOT NULL,
    image_place INTEGER NOT NULL,
    place       INTEGER NOT NULL,
    path        TEXT NOT NULL,
    PRIMARY KEY (series, image_place, place),
    FOREIGN KEY (series, image_place) REFERENCES series_image (series, place)
) <<keyed>>;

-- What one index describes. Rows and publications are many, and name it by number.
CREATE TABLE bucket (
    id           <<key>>,
    series       INTEGER NOT NULL REFERENCES series (id),
    pocket       INTEGER NOT NULL,
    component    TEXT NOT NULL,
    architecture TEXT NOT NULL,  -- 'source' for sources
    UNIQUE (series, pocket, component, architecture)
) <<options>>;

CREATE TABLE mirror (
    id                 <<key>>,
    name               TEXT NOT NULL UNIQUE,
    display_name       TEXT NOT NULL,
    description        TEXT NOT NULL,
    distribution       INTEGER NOT NULL REFERENCES distribution (id),
    country            TEXT NOT NULL,
    speed              INTEGER NOT NULL,  -- kilobits a second
    content            INTEGER NOT NULL,
    official_candidate INTEGER NOT NULL,
    status             INTEGER NOT NULL,
    whiteboard         TEXT NOT NULL,
    enabled            INTEGER NOT NULL,
    disabled_by        INTEGER NOT NULL,
    disabled_reason    TEXT NOT NULL,
    created            <<big_integer>> NOT NULL
) <<options>>;

CREATE TABLE mirror_owner (
    mirror  INTEGER NOT NULL REFERENCES mirror (id),
    place   INTEGER NOT NULL,
    name    TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (mirror, place)
) <<keyed>>;

-- A URL belongs to one mirror, whatever its scheme and whichever the distribution.
CREATE TABLE mirror_url (
    mirror INTEGER NOT NULL REFERENCES mirror (id),
    scheme TEXT NOT NULL,
    url    TEXT NOT NULL UNIQUE,
    PRIMARY KEY (mirror, scheme)
) <<keyed>>;

CREATE TABLE audit (
    id     <<key>>,
    mirror INTEGER NOT NULL REFERENCES mirror (id),
    moment <<big_integer>> NOT NULL,
    who    TEXT NOT NULL,
    what   TEXT NOT NULL,
    why    TEXT NOT NULL
) <<options>>;
CREATE INDEX audit_by_mirror ON audit (mirror, id);

-- The mirror had this bucket's index at its last probe. No foreign keys: a run writes
-- a million of these, and PostgreSQL would look up each key of each with a query.
CREATE TABLE content_row (
    mirror    INTEGER NOT NULL,  -- of mirror
    bucket    INTEGER NOT NULL,  -- of bucket
    freshness INTEGER NOT NULL,
    PRIMARY KEY (mirror, bucket)
) <<keyed>>;

-- The mirror had this image set whole at its last probe.
CREATE TABLE image_row (
    mirror  INTEGER NOT NULL REFERENCES mirror (id),
    series  INTEGER NOT NULL REFERENCES series (id),
    flavour TEXT NOT NULL,
    PRIMARY KEY (mirror, series, flavour)
) <<keyed>>;

-- `published` is -1 while there is no time, and `file_type` 0 where there is no file.
CREATE TABLE publication (
    bucket    INTEGER NOT NULL REFERENCES bucket (id),
    published <<big_integer>> NOT NULL,
    source    TEXT NOT NULL,
    version   TEXT NOT NULL,
    file      TEXT NOT NULL,
    path      TEXT NOT NULL,
    file_type INTEGER NOT NULL,
    status    INTEGER NOT NULL,
    PRIMARY KEY (bucket, published, source, version, file)
) <<keyed>>;

CREATE TABLE probe (
    id       <<key>>,
    mirror   INTEGER NOT NULL REFERENCES mirror (id),
    started  <<big_integer>> NOT NULL,
    finished <<big_integer>> NOT NULL,
    verdict  INTEGER NOT NULL,
    suspect  INTEGER NOT NULL,
    decided  INTEGER NOT NULL,
    requests <<big_integer>> NOT NULL,
    expected <<big_integer>> NOT NULL,
    found    <<big_integer>> NOT NULL,
    outcomes TEXT NOT NULL  -- a JSON object, requests by outcome
) <<options>>;
CREATE INDEX probe_by_mirror ON probe (mirror, started, id);

-- Apart from `probe`, so that listing probes reads no logs.
CREATE TABLE probe_log (
    probe INTEGER PRIMARY KEY REFERENCES probe (id),
    gz    <<blob>> NOT NULL
) <<options>>;

CREATE TABLE message (
    id           <<key>>,
    to_name      TEXT NOT NULL,
    to_address   TEXT NOT NULL,
    subject      TEXT NOT NULL,
    body         TEXT NOT NULL,
    mirror       TEXT NOT NULL,
    message_id   TEXT NOT NULL,
    created      <<big_integer>> NOT NULL,
    state        INTEGER NOT NULL,
    attempts     INTEGER NOT NULL,
    next_attempt <<big_integer>> NOT NULL,
    last_error   TEXT NOT NULL,
    sent         <<big_integer>>
) <<options>>;
CREATE UNIQUE INDEX message_by_message_id ON message (message_id) WHERE message_id <> '';
CREATE INDEX message_by_state ON message (state, next_attempt);
)sql";

// What the primary archive published, and what probes learn beside rows.
constexpr std::string_view snapshots_and_observations = R"sql(
ALTER TABLE distribution ADD COLUMN keyring                 TEXT NOT NULL DEFAULT '';
ALTER TABLE distribution ADD COLUMN sync_grace              <<big_integer>> NOT NULL DEFAULT 21600;
ALTER TABLE distribution ADD COLUMN successes_before_enable INTEGER NOT NULL DEFAULT 1;
ALTER TABLE distribution ADD COLUMN never_below             INTEGER NOT NULL DEFAULT 0;
ALTER TABLE distribution ADD COLUMN deep_every              INTEGER NOT NULL DEFAULT 0;
ALTER TABLE distribution ADD COLUMN manifest                TEXT NOT NULL DEFAULT '';

-- Of a policy: "lag>7d".
CREATE TABLE distribution_disable_when (
    distribution INTEGER NOT NULL REFERENCES distribution (id),
    place        INTEGER NOT NULL,
    word         TEXT NOT NULL,
    PRIMARY KEY (distribution, place)
) <<keyed>>;

ALTER TABLE mirror ADD COLUMN maintenance_until <<big_integer>>;

-- One state of a suite that the primary archive published. The digests are of its
-- Release as signed, and of its signed text, which says what it is.
CREATE TABLE snapshot (
    id           <<key>>,
    distribution INTEGER NOT NULL REFERENCES distribution (id),
    suite        TEXT NOT NULL,
    sha256       <<blob>> NOT NULL,
    text_sha256  <<blob>> NOT NULL,
    published    <<big_integer>> NOT NULL,
    valid_until  <<big_integer>>,
    first_seen   <<big_integer>> NOT NULL,
    UNIQUE (distribution, text_sha256, suite)
) <<options>>;
CREATE INDEX snapshot_by_suite ON snapshot (distribution, suite, published, id);

-- The indexes that a snapshot names, of the newest snapshots only. One text each: they
-- are thousands, are never asked for one by one, and as rows of their own would take
-- three times the space and most of a refresh's time. One line is
-- "<sha256> <size> <path>", as a Release has it.
CREATE TABLE snapshot_entries (
    snapshot INTEGER PRIMARY KEY REFERENCES snapshot (id),
    entries  TEXT NOT NULL
) <<options>>;

CREATE TABLE suite_validators (
    distribution  INTEGER NOT NULL REFERENCES distribution (id),
    suite         TEXT NOT NULL,
    url           TEXT NOT NULL,
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    checked       <<big_integer>> NOT NULL,
    PRIMARY KEY (distribution, suite)
) <<keyed>>;

-- What the primary's index of a bucket lists: keys of 8 bytes each, the lowest byte
-- first, sorted. `sha256` is of the index as inflated.
CREATE TABLE index_content (
    bucket   INTEGER PRIMARY KEY REFERENCES bucket (id),
    sha256   <<blob>> NOT NULL,
    packages <<blob>> NOT NULL
) <<options>>;

-- What a probe learnt beside its rows (model/observation.hpp), as JSON.
CREATE TABLE observation (
    probe INTEGER PRIMARY KEY REFERENCES probe (id),
    json  TEXT NOT NULL
) <<options>>;
CREATE INDEX probe_by_start ON probe (started, id);
)sql";

// How the mirror stood after a probe, so that history needs neither rows nor observations.
// NULL: not known, as of every probe before.
constexpr std::string_view history_of_probes = R"sql(
ALTER TABLE probe ADD COLUMN freshness     INTEGER;
ALTER TABLE probe ADD COLUMN lag           <<big_integer>>;  -- seconds, of the worst suite
ALTER TABLE probe ADD COLUMN lag_estimated INTEGER;
ALTER TABLE probe ADD COLUMN integrity     INTEGER;  -- of the worst suite
)sql";

constexpr std::string_view rights_to_change = R"sql(
-- Who may change things over HTTP. Of a secret only its SHA-256 is kept.
CREATE TABLE token (
    id         <<key>>,
    scope      INTEGER NOT NULL,
    login      TEXT NOT NULL,                   -- of an admin; '' of others
    mirror     INTEGER REFERENCES mirror (id),  -- whose owner holds it; NULL of others
    sha256     <<blob>> NOT NULL,
    created    <<big_integer>> NOT NULL,
    created_by TEXT NOT NULL,
    expires    <<big_integer>> NOT NULL,
    last_used  <<big_integer>>,
    revoked    <<big_integer>>,
    revoked_by TEXT NOT NULL
) <<options>>;
CREATE INDEX token_by_mirror ON token (mirror);

CREATE TABLE session (
    id      <<key>>,
    token   INTEGER NOT NULL REFERENCES token (id),
    sha256  <<blob>> NOT NULL,
    created <<big_integer>> NOT NULL,
    expires <<big_integer>> NOT NULL
) <<options>>;
CREATE INDEX session_by_token ON session (token, id);

-- The newest of each mirror. It waits until a probe that began later is recorded.
CREATE TABLE probe_request (
    mirror INTEGER PRIMARY KEY REFERENCES mirror (id),
    asked  <<big_integer>> NOT NULL,
    who    TEXT NOT NULL
) <<options>>;

-- Runs of probes: how far the one under way is, and how the others ended.
CREATE TABLE run (
    id       <<key>>,
    host     TEXT NOT NULL,
    started  <<big_integer>> NOT NULL,
    seen     <<big_integer>> NOT NULL,
    mirrors  INTEGER NOT NULL,
    probed   INTEGER NOT NULL,
    finished <<big_integer>>,
    outcome  INTEGER
) <<options>>;

-- Keys that must be the same tomorrow: 'links' signs the links in mails.
CREATE TABLE secret (
    name  TEXT PRIMARY KEY,
    value <<blob>> NOT NULL
) <<keyed>>;
)sql";

constexpr std::string_view reports_of_workers = R"sql(
-- What is mirrored, and what workers reported of it. A time is NULL while there is none.
CREATE TABLE branch (
    id                    <<key>>,
    name                  TEXT NOT NULL UNIQUE,
    url                   TEXT NOT NULL,
    type                  INTEGER NOT NULL,
    last_mirror_attempt   <<big_integer>>,
    last_mirrored         <<big_integer>>,
    last_mirrored_id      TEXT NOT NULL,
    mirror_failures       INTEGER NOT NULL,
    mirror_status_message TEXT NOT NULL,
    next_mirror_time      <<big_integer>>,
    attempt_token         TEXT NOT NULL,    -- of the attempt that is under way
    attempt_worker        TEXT NOT NULL,
    lease_end             <<big_integer>>   -- NULL: none is under way
) <<options>>;
CREATE INDEX branch_by_next_time ON branch (next_mirror_time, id);
CREATE INDEX branch_by_lease_end ON branch (lease_end) WHERE lease_end IS NOT NULL;

-- A job and a host that it runs on.
CREATE TABLE script (
    id   <<key>>,
    name TEXT NOT NULL,
    host TEXT NOT NULL,
    runs INTEGER NOT NULL,  -- how many were recorded, those that were forgotten too
    UNIQUE (name, host)
) <<options>>;

-- Its successful runs, numbered as they were recorded.
CREATE TABLE script_activity (
    script    INTEGER NOT NULL REFERENCES script (id),
    number    INTEGER NOT NULL,
    started   <<big_integer>> NOT NULL,
    completed <<big_integer>> NOT NULL,
    PRIMARY KEY (script, number)
) <<keyed>>;
CREATE INDEX script_activity_by_script ON script_activity (script, completed);
CREATE INDEX script_activity_by_completion ON script_activity (completed);

-- The newest of each mirror, as its owner's script told it.
CREATE TABLE mirror_sync (
    mirror    INTEGER PRIMARY KEY REFERENCES mirror (id),
    started   <<big_integer>> NOT NULL,
    completed <<big_integer>>
) <<options>>;
)sql";

constexpr std::string_view names_of_releases = R"sql(
-- Whose the suite is, as its Release says; NULL: stored before that was kept.
ALTER TABLE snapshot_entries ADD COLUMN origin      TEXT;
ALTER TABLE snapshot_entries ADD COLUMN codename    TEXT;
ALTER TABLE snapshot_entries ADD COLUMN named_suite TEXT;

-- The newest of a mirror is the one that was stored last.
DROP INDEX probe_by_mirror;
CREATE INDEX probe_by_mirror ON probe (mirror, id);
)sql";

/// What brings a schema from the version before to the one at this place, from 1.
/// A migration is never changed once it was released: databases have run it.
constexpr std::array our_migrations = {first_schema,       snapshots_and_observations,
                                       history_of_probes,  rights_to_change,
                                       reports_of_workers, names_of_releases};

}  // namespace

std::span<const std::string_view> migrations() noexcept {
    return our_migrations;
}

}  // namespace storage
