#include "model/freshness.hpp"

#include "tools/cmake/catch.hpp"
