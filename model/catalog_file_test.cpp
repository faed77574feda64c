#include "model/catalog_file.hpp"

#include "tools/cmake/catch.hpp"
