#include "model/mirror_url.hpp"
