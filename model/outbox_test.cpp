#include "model/outbox.hpp"

#include "tools/cmake/catch.hpp"
