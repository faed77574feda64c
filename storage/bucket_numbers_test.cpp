#include "storage/bucket_numbers.hpp"

#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

#include <memory>
#include <set>
#include <string>
#include <vector>

using namespace storage;
using namespace storage::testing;
using model::Bucket;
using model::Pocket;

namespace {

Bucket hoary(const std::string& architecture) {
    return {.series = "hoary",
            .pocket = Pocket::release,
            .component = "main",
            .architecture = architecture};
}

/// A database with Ubuntu, and another distribution that has a series of the same name.
std::unique_ptr<EmptyDatabase> make_catalog(const std::string& backend) {
    auto database = make_database(backend);
    auto other = ubuntu();
    other.name = "other";
    load(*database->open(), {.distributions = {ubuntu(), other}, .mirrors = {}});
    return database;
}

StoredDistribution ids_of(Database& database, const std::string& name) {
    Transaction transaction{database, Access::read};
    auto stored = read_distribution(database, name);
    REQUIRE(stored.has_value());
    return *stored;
}

/// Gives it a number in a transaction of its own, and keeps it.
std::int64_t keep_number(Database& database, BucketNumbers& numbers, const DistributionIds& stored,
                         const Bucket& bucket) {
    Transaction transaction{database, Access::write};
    numbers.start();
    const auto number = numbers.number(stored, bucket);
    transaction.commit();
    numbers.keep();
    return number;
}

std::optional<std::int64_t> find(Database& database, const DistributionIds& stored,
                                 const Bucket& bucket) {
    Transaction transaction{database, Access::read};
    return BucketNumbers(database).find(stored, bucket);
}

}  // namespace

TEST_CASE("a bucket is of the catalogue where all four parts of it are", "[storage][buckets]") {
    model::Distribution distribution;
    distribution.pockets = {Pocket::release, Pocket::security};
    model::Series current;
    current.name = "new";
    current.components = {"main", "contrib"};
    current.architectures = {"amd64"};
    current.unofficial_architectures = {"riscv64"};
    model::Series old;
    old.name = "old";
    old.components = {"main"};
    old.architectures = {"i386"};
    distribution.series = {current, old};
    const auto [why, bucket, expected] = GENERATE(table<std::string, Bucket, bool>({
        {"as official as can be", {"new", Pocket::release, "main", "amd64"}, true},
        {"another pocket and component", {"new", Pocket::security, "contrib", "amd64"}, true},
        {"an unofficial architecture", {"new", Pocket::release, "main", "riscv64"}, true},
        {"sources, which need no architecture", {"old", Pocket::release, "main", "source"}, true},
        {"no such series", {"sid", Pocket::release, "main", "amd64"}, false},
        {"no such pocket", {"new", Pocket::updates, "main", "amd64"}, false},
        {"a component of another series", {"old", Pocket::release, "contrib", "i386"}, false},
        {"an architecture of another series", {"new", Pocket::release, "main", "i386"}, false},
        {"sources of no component", {"new", Pocket::release, "non-free", "source"}, false},
        {"nothing", {}, false},
    }));
    CAPTURE(why);

    CHECK(has_bucket(distribution, bucket) == expected);
    CHECK_FALSE(has_bucket({}, bucket));
}

TEST_CASE("a bucket keeps its number, whoever asks for it", "[storage][buckets]") {
    const auto database = make_catalog(GENERATE(from_range(backends())));
    const auto one = database->connect();
    const auto other = database->connect();
    const auto stored = ids_of(*one, "ubuntu");
    BucketNumbers numbers(*one);
    BucketNumbers others(*other);
    keep_number(*one, numbers, stored, hoary("i386"));  // both know of what there is from now on
    keep_number(*other, others, stored, hoary("i386"));

    const auto number = keep_number(*one, numbers, stored, hoary("amd64"));

    CHECK(keep_number(*one, numbers, stored, hoary("amd64")) == number);
    CHECK(keep_number(*other, others, stored, hoary("amd64")) == number);
    CHECK(find(*other, stored, hoary("amd64")) == number);
}

TEST_CASE("buckets that differ in one part have different numbers", "[storage][buckets]") {
    const auto database = make_catalog(GENERATE(from_range(backends())));
    const auto connection = database->connect();
    const auto stored = ids_of(*connection, "ubuntu");
    BucketNumbers numbers(*connection);
    const auto first = keep_number(*connection, numbers, stored, hoary("i386"));
    auto other = hoary("i386");

    SECTION("its series") {
        other.series = "warty";
    }
    SECTION("its pocket") {
        other.pocket = Pocket::updates;
    }
    SECTION("its component") {
        other.component = "universe";
    }
    SECTION("its architecture") {
        other.architecture = "amd64";
    }
    SECTION("sources") {
        other.architecture = model::source_architecture;
    }

    CHECK(keep_number(*connection, numbers, stored, other) != first);
    CHECK(find(*connection, stored, hoary("i386")) == first);
}

TEST_CASE("a series of the same name in another distribution has buckets of its own",
          "[storage][buckets]") {
    const auto database = make_catalog(GENERATE(from_range(backends())));
    const auto connection = database->connect();
    BucketNumbers numbers(*connection);
    const auto ours = ids_of(*connection, "ubuntu");
    const auto theirs = ids_of(*connection, "other");

    const auto number = keep_number(*connection, numbers, ours, hoary("i386"));

    CHECK(find(*connection, theirs, hoary("i386")) == std::nullopt);
    CHECK(keep_number(*connection, numbers, theirs, hoary("i386")) != number);
}

TEST_CASE("a number of a transaction that was rolled back is not used again",
          "[storage][buckets]") {
    const auto database = make_catalog(GENERATE(from_range(backends())));
    const auto connection = database->connect();
    const auto stored = ids_of(*connection, "ubuntu");
    BucketNumbers numbers(*connection);
    {
        const Transaction rolled_back{*connection, Access::write};
        numbers.start();
        numbers.number(stored, hoary("amd64"));
    }
    REQUIRE(find(*connection, stored, hoary("amd64")) == std::nullopt);

    const auto number = keep_number(*connection, numbers, stored, hoary("amd64"));

    CHECK(find(*connection, stored, hoary("amd64")) == number);
}

TEST_CASE("a bucket of a series that is not there gets no number", "[storage][buckets]") {
    const auto database = make_catalog(GENERATE(from_range(backends())));
    const auto connection = database->connect();
    const auto stored = ids_of(*connection, "ubuntu");
    BucketNumbers numbers(*connection);
    const Bucket sid{
        .series = "sid", .pocket = Pocket::release, .component = "main", .architecture = "amd64"};

    const auto error = error_of([&] { keep_number(*connection, numbers, stored, sid); });

    CHECK(says(error, "the distribution ubuntu has no series sid"));
    CHECK(says(error, connection->title()));
    CHECK(find(*connection, stored, sid) == std::nullopt);
}

TEST_CASE("many buckets get their numbers at once, each its own", "[storage][buckets]") {
    const auto database = make_catalog(GENERATE(from_range(backends())));
    const auto connection = database->connect();
    const auto other = database->connect();
    const auto stored = ids_of(*connection, "ubuntu");
    BucketNumbers numbers(*connection);
    BucketNumbers others(*other);
    const auto known = keep_number(*connection, numbers, stored, hoary("i386"));
    const auto of_another = keep_number(*other, others, stored, hoary("powerpc"));
    const std::vector<Bucket> buckets = {hoary("amd64"), hoary("i386"), hoary("powerpc"),
                                         hoary("amd64"), hoary("ia64")};
    std::vector<const Bucket*> wanted;
    wanted.reserve(buckets.size());
    for (const Bucket& bucket : buckets) {
        wanted.push_back(&bucket);
    }

    Transaction transaction{*connection, Access::write};
    numbers.start();
    const auto given = numbers.numbers(stored, wanted);
    transaction.commit();
    numbers.keep();

    REQUIRE(given.size() == 5);
    CHECK(given[1] == known);
    CHECK(given[2] == of_another);
    CHECK(given[3] == given[0]);
    CHECK(std::set<std::int64_t>(given.begin(), given.end()).size() == 4);
    CHECK(find(*other, stored, hoary("amd64")) == given[0]);
    CHECK(find(*other, stored, hoary("ia64")) == given[4]);
    CHECK(keep_number(*other, others, stored, hoary("ia64")) == given[4]);
    CHECK(keep_number(*other, others, stored, hoary("hppa")) > given[4]);
}
