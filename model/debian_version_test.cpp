#include "model/debian_version.hpp"

#include "tools/cmake/catch.hpp"
