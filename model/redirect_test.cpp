#include "model/redirect.hpp"

#include "tools/cmake/catch.hpp"
