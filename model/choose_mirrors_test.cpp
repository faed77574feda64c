#include "model/choose_mirrors.hpp"

#include "tools/cmake/catch.hpp"
