#include "model/timestamp.hpp"

#include "tools/cmake/catch.hpp"
