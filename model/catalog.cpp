#include "model/catalog.hpp"
