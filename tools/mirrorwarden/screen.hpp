#pragma once

namespace mirrorwarden {

/// Where a command's answer goes.
struct Screen {
    bool is_terminal = false;
    bool has_colours = false;  // a terminal, and the user has not said NO_COLOR
    int width = 0;             // columns; 0: unlimited, as in a pipe
};

}  // namespace mirrorwarden
