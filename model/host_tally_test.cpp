#include "model/host_tally.hpp"

#include "tools/cmake/catch.hpp"
