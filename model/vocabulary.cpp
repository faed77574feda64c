#include "model/vocabulary.hpp"
