#pragma once

#include <string_view>

namespace model {

/// What a binary file is worth as a keyring.
enum class KeyringWorth {
    keys,     // whole, with a public key at least
    no_keys,  // no keyring, or one without public keys
    damaged,  // there are public keys, and something that is no part of a keyring
};

/// Of packets, as `gpg --export` writes them, or a keybox. gpgv is silent about a file that is
/// neither, and says of every signature that its key is missing. Looks at the frame alone, not
/// into keys.
/// Source: RFC 9580, section 4.2; GnuPG's kbx/keybox-blob.c.
KeyringWorth judge_keyring(std::string_view bytes) noexcept;

}  // namespace model
