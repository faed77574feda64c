#include "model/bucket.hpp"
