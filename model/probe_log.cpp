#include "model/probe_log.hpp"
