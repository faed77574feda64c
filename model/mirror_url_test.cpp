#include "model/mirror_url.hpp"

#include "tools/cmake/catch.hpp"
