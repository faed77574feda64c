#include "tools/mirrorwarden/log_head.hpp"

#include "model/probe_log.hpp"
#include "prober/log_reader.hpp"

namespace mirrorwarden {
namespace {

constexpr std::size_t lines_in_mail = 20;
constexpr std::size_t bytes_max = 65'536;

}  // namespace

std::string log_head(model::Store& store, model::ProbeId probe) {
    const auto gz = store.probe_log(probe);
    if (!gz) {
        return {};
    }
    const auto text = prober::decompress_log(*gz, bytes_max);
    return text.has_value() ? model::first_lines(*text, lines_in_mail) : std::string();
}

}  // namespace mirrorwarden
