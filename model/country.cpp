#include "model/country.hpp"
