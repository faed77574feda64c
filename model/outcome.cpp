#include "model/outcome.hpp"
