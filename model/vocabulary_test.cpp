#include "model/vocabulary.hpp"

#include "tools/cmake/catch.hpp"
