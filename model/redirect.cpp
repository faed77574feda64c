#include "model/redirect.hpp"
