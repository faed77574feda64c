#include "model/country.hpp"

#include "tools/cmake/catch.hpp"
