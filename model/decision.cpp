#include "model/decision.hpp"
