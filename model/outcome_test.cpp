#include "model/outcome.hpp"

#include "tools/cmake/catch.hpp"
