#include "model/publication_file.hpp"
