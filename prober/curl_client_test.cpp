#include "prober/http_client.hpp"
#include "tools/cmake/catch.hpp"
