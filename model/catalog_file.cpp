#include "model/catalog_file.hpp"
