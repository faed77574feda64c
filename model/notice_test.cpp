#include "model/notice.hpp"

#include "tools/cmake/catch.hpp"
