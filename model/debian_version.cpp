#include "model/debian_version.hpp"
