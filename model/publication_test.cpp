#include "model/publication.hpp"

#include "tools/cmake/catch.hpp"
