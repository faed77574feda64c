#include "storage/open_store.hpp"
#include "tools/cmake/catch.hpp"
