#pragma once

#include <stdexcept>

namespace mirrorwarden {

/// How the program ends; the manual promises these numbers.
namespace exit_status {
inline constexpr int done = 0;            // what was asked is done; mirrors may have failed
inline constexpr int could_not_run = 1;   // the database, a disk, the system
inline constexpr int wrong_input = 2;     // wrong usage, or something wrong in what was given
inline constexpr int suspect = 3;         // a probe's results are doubted
inline constexpr int could_not_tell = 3;  // of monitor, as plugins of Nagios end
inline constexpr int locked = 4;          // another run holds the lock
}  // namespace exit_status

/// What the user gave cannot be used: an unknown mirror, a broken file, a refused
/// change. The text is for them, one sentence a line; nothing was changed.
/// `main` ends with `exit_status::wrong_input`.
class InputError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace mirrorwarden
