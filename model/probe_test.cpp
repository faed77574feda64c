#include "model/probe.hpp"

#include "tools/cmake/catch.hpp"
