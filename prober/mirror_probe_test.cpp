#include "prober/mirror_probe.hpp"

#include "tools/cmake/catch.hpp"
