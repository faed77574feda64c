#include "model/publication_file.hpp"

#include "tools/cmake/catch.hpp"
