#include "model/catalog.hpp"

#include "tools/cmake/catch.hpp"
