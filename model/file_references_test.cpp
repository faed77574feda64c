#include "model/file_references.hpp"

#include "tools/cmake/catch.hpp"

#include <chrono>
#include <string>

using namespace std::chrono_literals;

namespace {

const model::Timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

model::Distribution harbour() {
    model::Distribution one;
    one.name = "harbour";
    one.pockets = {model::Pocket::release};
    model::Series tern;
    tern.name = "tern";
    tern.components = {"main", "contrib"};
    tern.architectures = {"amd64"};
    tern.unofficial_architectures = {"riscv64"};
    one.series = {tern};
    return one;
}

model::Publication of(const std::string& distribution, model::Bucket bucket) {
    model::Publication one;
    one.distribution = distribution;
    one.bucket = std::move(bucket);
    one.published = now;
    return one;
}

model::Catalog::Entry mirror_of(const std::string& distribution, int line) {
    model::Catalog::Entry entry;
    entry.mirror.distribution = distribution;
    entry.line = line;
    return entry;
}

}  // namespace

TEST_CASE("a publication is held to the catalogue, word by word", "[model][file_references]") {
    using model::Pocket;
    const std::vector known = {harbour()};
    const auto& [publication, fault] = GENERATE(table<model::Publication, std::string>({
        {of("harbour", {"tern", Pocket::release, "main", "amd64"}), ""},
        {of("harbour", {"tern", Pocket::release, "main", "riscv64"}), ""},
        {of("harbour", {"tern", Pocket::release, "main", "source"}), ""},
        {of("harbuor", {"tern", Pocket::release, "main", "amd64"}),
         "there is no distribution \"harbuor\"; did you mean \"harbour\"?"},
        {of("quay", {"tern", Pocket::release, "main", "amd64"}),
         "there is no distribution \"quay\"; known are harbour"},
        {of("harbour", {"gull", Pocket::release, "main", "amd64"}),
         "the distribution harbour has no series \"gull\"; known are tern"},
        {of("harbour", {"tern", Pocket::updates, "main", "amd64"}),
         "the distribution harbour has no pocket UPDATES"},
        {of("harbour", {"tern", Pocket::release, "mian", "amd64"}),
         "the series tern has no component \"mian\"; did you mean \"main\"?"},
        {of("harbour", {"tern", Pocket::release, "main", "s390x"}),
         "the series tern has no architecture \"s390x\"; known are amd64, riscv64"},
    }));

    CHECK(model::publication_fault(publication, {.known = known, .now = now}) == fault);
}

TEST_CASE("nothing was published more than a day from now", "[model][file_references]") {
    const std::vector known = {harbour()};
    auto publication = of("harbour", {"tern", model::Pocket::release, "main", "amd64"});

    publication.published = now + 24h;
    CHECK(model::publication_fault(publication, {.known = known, .now = now}).empty());
    publication.published = now + 24h + 1s;
    CHECK(model::publication_fault(publication, {.known = known, .now = now}) ==
          "published: 2026-11-23T00:00:01Z lies in the future");
    publication.published.reset();
    CHECK(model::publication_fault(publication, {.known = known, .now = now}).empty());
}

TEST_CASE("each mirror of an unknown distribution is told, by line", "[model][file_references]") {
    model::Catalog catalog;
    catalog.distributions = {harbour()};
    model::Distribution stored;
    stored.name = "lagoon";
    catalog.mirrors = {mirror_of("lagon", 9), mirror_of("harbour", 1), mirror_of("lagoon", 2),
                       mirror_of("harbor", 3)};

    const auto errors = model::dangling_mirrors(catalog, {&stored, 1});

    REQUIRE(errors.size() == 2);
    CHECK(errors[0].line == 3);
    CHECK(errors[0].text == "there is no distribution \"harbor\"; did you mean \"harbour\"?");
    CHECK(errors[1].line == 9);
    CHECK(errors[1].text == "there is no distribution \"lagon\"; did you mean \"lagoon\"?");
}

TEST_CASE("where no distribution is known that is said", "[model][file_references]") {
    model::Catalog catalog;
    catalog.mirrors = {mirror_of("lagoon", 1)};

    const auto errors = model::dangling_mirrors(catalog, {});

    REQUIRE(errors.size() == 1);
    CHECK(errors[0].text == "there is no distribution \"lagoon\"; none is known yet");
}
