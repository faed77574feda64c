#include "model/publication.hpp"
