#include "model/probe_log.hpp"

#include "tools/cmake/catch.hpp"
