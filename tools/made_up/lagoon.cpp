#include "tools/made_up/lagoon.hpp"

#include <fmt/format.h>

#include <array>
#include <string>

namespace made_up {
namespace {

using model::Speed;
using enum Ending;

constexpr std::array fates = {
    Fate{"adelie.nz", "NZ", Speed::s1g, 6, 2},
    Fate{"atoll.mv", "MV", Speed::s45m, 12, 9},
    Fate{"aurora.fi", "FI", Speed::s10g, 1, 1},
    Fate{"baobab.sn", "SN", Speed::s100m, 12, 14},
    Fate{"bora.hr", "HR", Speed::s1g, 6, 3},
    Fate{"canopy.co", "CO", Speed::s1g, 6, 6, behind, 2},
    Fate{"cedar.ca", "CA", Speed::s10g, 2, 1},
    Fate{"condor.cl", "CL", Speed::s2g, 6, 4},
    Fate{"cork.pt", "PT", Speed::s1g, 6, 3},
    Fate{"delta.eg", "EG", Speed::s100m, 24, 22, failing, 6},
    Fate{"dhow.om", "OM", Speed::s1g, 12, 5},
    Fate{"dune.ae", "AE", Speed::s10g, 6, 2},
    Fate{"edelweiss.ch", "CH", Speed::s10g, 1, 0},
    Fate{"estuary.ar", "AR", Speed::s1g, 6, 8, torn, 1},
    Fate{"fjord.no", "NO", Speed::s10g, 2, 1},
    Fate{"foss.de", "DE", Speed::s20g, 1, 0},
    Fate{"geyser.is", "IS", Speed::s10g, 1, 1},
    Fate{"glacier.ca", "CA", Speed::s1g, 12, 5},
    Fate{"harbor.sg", "SG", Speed::s10g, 2, 1},
    Fate{"hinode.jp", "JP", Speed::s10g, 2, 2},
    Fate{"karoo.za", "ZA", Speed::s2g, 6, 7},
    Fate{"kea.nz", "NZ", Speed::s100m, 24, 9, behind, 3},
    Fate{"kiwi-images.nz", "NZ", Speed::s1g, 24, 2},
    Fate{"lotus.vn", "VN", Speed::s1g, 6, 9},
    Fate{"masai.ke", "KE", Speed::s1g, 6, 6},
    Fate{"monsoon.in", "IN", Speed::s10g, 4, 4},
    Fate{"nordsee.de", "DE", Speed::s10g, 4, 2},
    Fate{"oder.pl", "PL", Speed::s10g, 4, 2},
    Fate{"orchid.my", "MY", Speed::s1g, 6, 5, expired, 2},
    Fate{"outback.au", "AU", Speed::s10g, 2, 1},
    Fate{"pampa.uy", "UY", Speed::s100m, 12, 6},
    Fate{"pontos.gr", "GR", Speed::s1g, 6, 4, half, 30},
    Fate{"prairie.us", "US", Speed::s20g, 1, 1},
    Fate{"redwood.us", "US", Speed::s10g, 4, 3, syncing, 0},
    Fate{"rhine.de", "DE", Speed::s1g, 12, 6, failing, 1},
    Fate{"sakura.jp", "JP", Speed::s2g, 6, 3},
    Fate{"sequoia.us", "US", Speed::s10g, 2, 2},
    Fate{"severn.gb", "GB", Speed::s10g, 2, 1},
    Fate{"steppe.kz", "KZ", Speed::s100m, 24, 18, behind, 12},
    Fate{"tagus.pt", "PT", Speed::s100m, 12, 7, switched_off, 20},
    Fate{"taiga.ru", "RU", Speed::s1g, 6, 6},
    Fate{"thames.gb", "GB", Speed::s1g, 12, 4, in_maintenance, 1},
    Fate{"tisza.hu", "HU", Speed::s1g, 6, 3},
    Fate{"tulip.nl", "NL", Speed::s50g, 1, 0},
    Fate{"vltava.cz", "CZ", Speed::s10g, 4, 2},
    Fate{"volcano.id", "ID", Speed::s1g, 12, 12},
    Fate{"yerba.br", "BR", Speed::s10g, 4, 3},
    Fate{"ypiranga.br", "BR", Speed::s1g, 12, 10, behind, 1},
    Fate{"yangtze.cn", "CN", Speed::s10g, 6, 5},
    Fate{"zaria.ng", "NG", Speed::s45m, 24, 25, failing, 40},
    Fate{"zephyr.fr", "FR", Speed::s10g, 2, 1},
    Fate{"zonda.ar", "AR", Speed::s100m, 24, 1, unprobed, 0},
};

model::Series series(std::string name, std::string version, model::SeriesStatus status) {
    model::Series made;
    made.name = std::move(name);
    made.version = std::move(version);
    made.status = status;
    made.components = {"main"};
    made.architectures = {"amd64", "arm64", "i386", "riscv64"};
    return made;
}

model::Mirror mirror(const Fate& fate) {
    model::Mirror made;
    const std::string host = fmt::format("{}.example.org", fate.name);
    made.name = fate.name;
    made.distribution = "lagoon";
    made.description = "Made up: there is no such mirror.";
    made.owners = {{"", fmt::format("owner@{}", host)}};
    made.country = fate.country;
    made.speed = fate.speed;
    if (fate.speed > Speed::s100m || fate.ending == expired) {
        made.https_url = fmt::format("https://{}/lagoon/", host);
    }
    if (fate.ending != expired) {
        made.http_url = fmt::format("http://{}/lagoon/", host);
    }
    if (fate.speed >= Speed::s10g) {
        made.rsync_url = fmt::format("rsync://{}/lagoon/", host);
    }
    made.official_candidate = true;
    made.status = fate.ending == unprobed       ? model::ReviewStatus::pending_review
                  : fate.speed < Speed::s100m   ? model::ReviewStatus::unofficial
                  : fate.ending == switched_off ? model::ReviewStatus::broken
                                                : model::ReviewStatus::official;
    return made;
}

}  // namespace

std::span<const Fate> lagoon_fates() noexcept {
    return fates;
}

model::Catalog lagoon_catalog() {
    model::Distribution lagoon;
    lagoon.name = "lagoon";
    lagoon.title = "Lagoon Linux (made up)";
    lagoon.primary_url = "http://primary.example.org/lagoon/";
    lagoon.pockets = {model::Pocket::release, model::Pocket::security, model::Pocket::updates};
    lagoon.admins = {{"Mirror Admins", "mirrors@example.org"}};
    lagoon.series = {series("reef", "3", model::SeriesStatus::current),
                     series("shoal", "2", model::SeriesStatus::supported)};
    model::Catalog catalog;
    catalog.distributions = {std::move(lagoon)};
    for (const Fate& fate : fates) {
        catalog.mirrors.push_back({.mirror = mirror(fate), .enabled = true});
    }
    return catalog;
}

}  // namespace made_up
