#include "model/timestamp.hpp"
