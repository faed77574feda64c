#include "model/country.hpp"
#include "tools/service/locations.hpp"

#include <fmt/format.h>
#include <maxminddb.h>
#include <netdb.h>

#include <memory>
#include <stdexcept>
#include <utility>

namespace service {
namespace {

/// Read only, so that any number of threads may ask.
class LocationDatabase {
public:
    explicit LocationDatabase(const std::string& path) {
        const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, &database_);
        if (status != MMDB_SUCCESS) {
            throw std::runtime_error(fmt::format(
                "cannot open the location database {}: {}; it must be a file in MaxMind's format "
                "(.mmdb) that knows countries",
                path, MMDB_strerror(status)));
        }
    }
    ~LocationDatabase() { MMDB_close(&database_); }
    LocationDatabase(const LocationDatabase&) = delete;
    LocationDatabase& operator=(const LocationDatabase&) = delete;

    std::optional<std::string> country(const std::string& address) const {
        int address_fault = 0;
        int database_fault = MMDB_SUCCESS;
        auto found =
            MMDB_lookup_string(&database_, address.c_str(), &address_fault, &database_fault);
        if (address_fault != 0 || database_fault != MMDB_SUCCESS || !found.found_entry) {
            return std::nullopt;
        }
        for (const char* of : {"country", "registered_country"}) {
            MMDB_entry_data_s data{};
            const int status = MMDB_get_value(&found.entry, &data, of, "iso_code", nullptr);
            if (status == MMDB_SUCCESS && data.has_data &&
                data.type == MMDB_DATA_TYPE_UTF8_STRING) {
                std::string code(data.utf8_string, data.data_size);
                if (!model::country_name(code).empty()) {
                    return code;
                }
            }
        }
        return std::nullopt;
    }

private:
    MMDB_s database_{};
};

}  // namespace

Locate open_location_database(const std::string& path) {
    auto database = std::make_shared<const LocationDatabase>(path);
    return [database = std::move(database)](const std::string& address) {
        return database->country(address);
    };
}

}  // namespace service
