#include "model/probe.hpp"
