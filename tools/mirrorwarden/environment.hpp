#pragma once

#include "model/store.hpp"
#include "storage/open_store.hpp"
#include "tools/mirrorwarden/config.hpp"
#include "tools/mirrorwarden/screen.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace mirrorwarden {

/// What every command shares: the settings, the database, the clock, who asks.
class Environment {
public:
    /// `database_url` empty: the configuration's, else the default one.
    Environment(Config config, std::string database_url);

    const Config& config() const noexcept { return config_; }

    /// May hold a password: not for messages.
    const std::string& database_url() const noexcept { return database_url_; }

    /// A new connection to the database. Makes the default database's folder, unless it has to
    /// exist: commands that change nothing ask for that.
    std::unique_ptr<model::Store> open_store(
        storage::Opening opening = storage::Opening::ready) const;

    /// The user for the audit trail, now, with a reason.
    model::Author author(std::string why = {}) const;

    /// Standard output, as it is now.
    Screen screen() const;

private:
    Config config_;
    std::string database_url_;
};

/// The clock of the machine.
model::Timestamp now();

/// The login name of who runs us; under sudo, of who called it.
std::string login_name();

/// The machine's name, for the right side of a Message-ID: [A-Za-z0-9.-]+.
std::string host_name();

/// "mirrorwarden: TEXT" on standard error, as `say_beside`.
void complain(std::string_view text);

/// To standard error, as it is. Where that cannot be written nobody can be told; what was done,
/// and the exit status, stand.
void say_beside(std::string_view text);

/// To standard output. Throws if it cannot be written.
void print(std::string_view text);

}  // namespace mirrorwarden
