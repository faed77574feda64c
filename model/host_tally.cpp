#include "model/host_tally.hpp"
