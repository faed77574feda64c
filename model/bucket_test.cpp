#include "model/bucket.hpp"

#include "tools/cmake/catch.hpp"
