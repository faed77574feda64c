#include "model/freshness.hpp"
