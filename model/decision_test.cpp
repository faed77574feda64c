#include "model/decision.hpp"

#include "tools/cmake/catch.hpp"
